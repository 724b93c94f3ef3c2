namespace Klock.Storage.Sqlite.Journal;

/// <summary>How much of the past a store keeps: an event is dropped when it is beyond either bound.</summary>
/// <param name="Count">How many events are kept at least, unless they are too old.</param>
/// <param name="AgeMs">The age at which an event is dropped.</param>
internal sealed record History(long Count, long AgeMs)
{
    public const long ShortestCount = 1_000;
    public const long LongestCount = 10_000_000;

    // For an hour a late holder can be answered how its lease ended.
    public const long ShortestAgeMs = HourMs;
    public const long LongestAgeMs = 3_650 * DayMs;

    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    public static History Default { get; } = new(Count: 10_000, AgeMs: 30 * DayMs);
}
