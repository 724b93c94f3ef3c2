namespace Klock.Storage.Sqlite.Journal;

/// <summary>The wall clock in µs since 1970 as an event's number: it rises faster than events come, so it is above all before.</summary>
internal static class WallNumber
{
    // Numbers stay below 2^53 for a long time, whatever a wrong clock says.
    private const long Most = 1L << 52;

    public static long At(DateTimeOffset now) =>
        Math.Clamp((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, 1, Most);
}
