using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>Deletes the past beyond its bounds, and updates the statistics of the rest. One for a store object; not thread-safe.</summary>
/// <remarks>
/// Each process uses its own bounds, so among processes with different ones the tightest count. A process or a reader of events that
/// has not read what is deleted notices the gap by the numbers. Renewals and keep-alives, which are most of what happens and little of
/// what people read, are deleted first, and do not count: they are kept for other processes to replay.
/// </remarks>
internal sealed class Pruner(History history)
{
    // Old events are deleted in batches, so that most commands delete nothing.
    private const long AtOnce = 1_000;

    private const long LookForOldEveryMs = 60_000;

    private long _looksForOldAtMs = long.MinValue;

    /// <summary>Called in a transaction that has written these events.</summary>
    public void Run(SqliteFile file, List<Event> written)
    {
        if (written.Count == 0)
        {
            return;
        }

        Event last = written[^1];
        if ((written[0].Sequence - 1) / AtOnce != last.Sequence / AtOnce)
        {
            // Renewed and KeptAlive (EventKind).
            file.Run("""
                DELETE FROM events WHERE kind IN (4, 14) AND sequence <= $last - $count;
                DELETE FROM events WHERE sequence <=
                    (SELECT sequence FROM events WHERE kind NOT IN (4, 14) ORDER BY sequence DESC LIMIT 1 OFFSET $count);
                """, new("$last", last.Sequence), new("$count", history.Count));
            LeaseIndex.TakeIn(file, last.Sequence);
            DropIdleHolders(file);
            WaitRows.DropIdleOwners(file);
            PassingRows.DropPast(file);
        }

        if (last.AtMs >= _looksForOldAtMs)
        {
            _looksForOldAtMs = last.AtMs + LookForOldEveryMs;
            // The times of events rise with their numbers. The event that was just written is recent, so the store's head stays.
            file.Run(
                "DELETE FROM events WHERE sequence < (SELECT sequence FROM events WHERE at_ms >= $young ORDER BY sequence LIMIT 1)",
                new SqliteParameter("$young", last.AtMs - history.AgeMs));
        }
    }

    // One statement for all of them, since no index leads from a process to its leases.
    private static void DropIdleHolders(SqliteFile file) => file.Run("""
        DELETE FROM holders WHERE holder_id NOT IN (
            SELECT bound_to FROM leases WHERE bound_to IS NOT NULL UNION ALL SELECT bound_to FROM waits WHERE bound_to IS NOT NULL)
        """);
}
