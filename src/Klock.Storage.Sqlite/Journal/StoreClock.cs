using Klock.Storage.Sqlite.Database;
using Klock.Storage.Sqlite.Holders;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The time of a store: an anchor that is stored once a boot, plus the time since the boot.</summary>
/// <remarks>
/// All processes of a boot read the same anchor, so they agree; a wall clock that jumps ends no lease early and holds none for
/// ever; and while the machine sleeps CLOCK_MONOTONIC stands still, so leases sleep with their holders. A new boot starts at
/// the wall clock, or at the last event if that is later.
/// </remarks>
internal sealed class StoreClock
{
    // Those of earlier boots are of no use; a few are kept for containers that have a clock of their own (time_namespaces(7)).
    private const int KeptClocks = 16;

    private readonly TimeProvider _time;
    private readonly long _anchorMs;

    private StoreClock(TimeProvider time, long anchorMs)
    {
        _time = time;
        _anchorMs = anchorMs;
    }

    /// <summary>In ms since 1970, UTC, as far as the wall clock was right when the anchor was stored.</summary>
    public long NowMs => _anchorMs + MonotonicMs(_time);

    /// <summary>Inside a write transaction: this boot's clock, which is created when there is none.</summary>
    public static StoreClock Ensure(SqliteFile file, TimeProvider time)
    {
        // Where the system does not distinguish its boots, each handle has a clock of its own.
        string? boot = Boot.Id;
        if (boot is not null
            && file.Ask("SELECT anchor_ms FROM clocks WHERE boot = $boot", new SqliteParameter("$boot", boot)) is long anchorMs)
        {
            return new StoreClock(time, anchorMs);
        }

        Ceiling.GoOnAbove(file);
        long nowMs = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), HeadRow.Read(file).AtMs);
        var clock = new StoreClock(time, nowMs - MonotonicMs(time));
        if (boot is not null)
        {
            file.Run("""
                INSERT INTO clocks (boot, anchor_ms, made_at_ms) VALUES ($boot, $anchor, $now);
                DELETE FROM clocks WHERE boot NOT IN (SELECT boot FROM clocks ORDER BY made_at_ms DESC, boot = $boot DESC LIMIT $kept);
                """, new("$boot", boot), new("$anchor", clock._anchorMs), new("$now", nowMs), new("$kept", KeptClocks));
        }

        return clock;
    }

    private static long MonotonicMs(TimeProvider time) => time.GetTimestamp() / (time.TimestampFrequency / 1_000);
}
