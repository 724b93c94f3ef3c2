namespace Klock.Kernel.Events;

/// <summary>The numbers of a store's events, which only rise. That of a grant is its fencing token (SPEC KLIS-4).</summary>
/// <param name="last">The number that the first event comes after.</param>
public sealed class FencingTokens(long last)
{
    // Numbers stay below 2^53 for a long time to come, whatever a clock that is wrong says.
    private const long LatestStart = 1L << 52;

    // More than anybody can have given since a state was copied; numbers stay below 2^53 through a million such jumps.
    private const long Jump = 1L << 32;

    /// <summary>The number of the last event.</summary>
    internal long Last { get; private set; } = last;

    /// <summary>
    /// Where a new store starts, one in memory included: the wall clock in µs since 1970, from 1 to 2^52. Events do not come that fast, so
    /// it is above all that an earlier store gave.
    /// </summary>
    public static long Start(DateTimeOffset now) =>
        Math.Clamp((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, 1, LatestStart);

    /// <summary>
    /// Where a store goes on that was found in an earlier state, as after a failover or when it was restored from a backup: above all that
    /// may have been given after that state.
    /// </summary>
    /// <param name="last">The number of the last event that is known; 0 when there is none.</param>
    /// <param name="now">The wall clock, which counts where the store was away for longer than it looks.</param>
    public static long Above(long last, DateTimeOffset now) => last == 0 ? Start(now) : Math.Max(last + Jump, Start(now));

    /// <summary>The number of the next event.</summary>
    internal long Next() => ++Last;

    /// <summary>Takes back those numbers that were given since.</summary>
    internal void TakeBackTo(long number) => Last = number;

    /// <summary>Moves on to a number that another process gave, if it is higher.</summary>
    internal void MoveTo(long number) => Last = Math.Max(Last, number);
}
