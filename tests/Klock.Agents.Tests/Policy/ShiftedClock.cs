namespace Klock.Agents.Tests.Policy;

/// <summary>The time, and a little more.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Later { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Later;
}
