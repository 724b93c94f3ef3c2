namespace Klock.Coordinator.Waits;

/// <summary>How a caller may block before it must check again.</summary>
/// <param name="Longest">How long at the most.</param>
/// <param name="WakeUps">What ends it early, beside the caller's own signal; null for nothing.</param>
internal readonly record struct Pause(TimeSpan Longest, IWakeUps? WakeUps = null)
{
    public static Pause Forever { get; } = new(Timeout.InfiniteTimeSpan);

    public Pause AtMost(TimeSpan longest) =>
        Longest == Timeout.InfiniteTimeSpan || Longest > longest ? this with { Longest = longest } : this;
}
