using Klock.Coordinator;
using Klock.Kernel;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The ordered record that every process on the file follows. All methods run inside a transaction of the caller.</summary>
internal static class SqliteJournal
{
    /// <summary>Brings a replica up to the file's head: nothing to do, the events it lacks, or all of the state anew.</summary>
    public static LeaseTable CatchUp(SqliteFile file, LeaseTable? replica) => ReadRows(file, () => BringUp(file, replica));

    /// <summary>Shows the events after a number; returns the number before the oldest one kept.</summary>
    public static long Read(SqliteFile file, long after, int limit, IEventSink sink) => ReadRows(file, () =>
    {
        for (Statement row = EventRows.SelectAfter(file, after, limit); row.Step();)
        {
            sink.Append(EventRows.Read(row));
        }

        Statement oldest = file.Statement("SELECT min(sequence) FROM events");
        oldest.Step();
        long beforeOldest = oldest.Long(0) - 1;
        oldest.Reset();
        return beforeOldest;
    });

    /// <summary>Writes what a command did.</summary>
    public static void Append(SqliteFile file, List<Event> events)
    {
        foreach (Event happened in events)
        {
            EventRows.Insert(file, happened);
            StateRows.Update(file, happened);
        }
    }

    // Whatever else goes wrong while rows are read comes of what they say: of text that is no JSON, of an agent that is not there.
    private static T ReadRows<T>(SqliteFile file, Func<T> read)
    {
        try
        {
            Schema.Require(file);
            return read();
        }
        catch (Exception nonsense) when (nonsense is not (KlockException or SqliteFailure or InvalidDataException or OutOfMemoryException))
        {
            throw new InvalidDataException("its rows make no sense", nonsense);
        }
    }

    private static LeaseTable BringUp(SqliteFile file, LeaseTable? replica)
    {
        long head = StateRows.Head(file).Sequence;
        return replica is null || replica.Sequence > head ? StateRows.Load(file)
            : replica.Sequence == head || TryFollow(file, replica) ? replica
            : StateRows.Load(file);
    }

    private static bool TryFollow(SqliteFile file, LeaseTable replica)
    {
        Statement row = EventRows.SelectAfter(file, replica.Sequence);
        while (row.Step())
        {
            Event next = EventRows.Read(row);
            if (next.Sequence != replica.Sequence + 1)
            {
                // The events in between were pruned.
                row.Reset();
                return false;
            }

            replica.Apply(next);
        }

        return true;
    }
}
