namespace Klock.Kernel.Events;

/// <summary>The numbers of a store's events, which only rise. That of a grant is its fencing token (SPEC KLIS-4).</summary>
/// <param name="last">The number that the first event comes after.</param>
public sealed class FencingTokens(long last)
{
    // Numbers stay below 2^53 for a long time to come, whatever a clock that is wrong says.
    private const long LatestStart = 1L << 52;

    /// <summary>The number of the last event.</summary>
    internal long Last { get; private set; } = last;

    /// <summary>
    /// Where a new store starts, one in memory included: the wall clock in µs since 1970, from 1 to 2^52. Events do not come that fast, so
    /// it is above all that an earlier store gave.
    /// </summary>
    public static long Start(DateTimeOffset now) =>
        Math.Clamp((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, 1, LatestStart);

    /// <summary>The number of the next event.</summary>
    internal long Next() => ++Last;

    /// <summary>Takes back those numbers that were given since.</summary>
    internal void TakeBackTo(long number) => Last = number;

    /// <summary>Moves on to a number that another process gave, if it is higher.</summary>
    internal void MoveTo(long number) => Last = Math.Max(Last, number);
}
