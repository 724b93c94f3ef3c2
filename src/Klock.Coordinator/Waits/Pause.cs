namespace Klock.Coordinator.Waits;

/// <summary>How a caller may block before it must check again.</summary>
/// <param name="Longest">How long at the most.</param>
/// <param name="WakeUps">What ends it early, beside the caller's own signal; null for nothing.</param>
public readonly record struct Pause(TimeSpan Longest, IWakeUps? WakeUps = null)
{
    internal static Pause Forever { get; } = new(Timeout.InfiniteTimeSpan);

    internal Pause AtMost(TimeSpan longest) =>
        Longest == Timeout.InfiniteTimeSpan || Longest > longest ? this with { Longest = longest } : this;
}
