namespace Klock.Storage.Sqlite.Journal;

/// <summary>The wall clock as a number of events, in µs since 1970: faster than events come, so that it is above what was.</summary>
internal static class WallNumber
{
    // Numbers stay below 2^53 for a long time to come, whatever a clock that is wrong says.
    private const long Most = 1L << 52;

    public static long At(DateTimeOffset now) =>
        Math.Clamp((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, 1, Most);
}
