using Klock.Coordinator.Protocol;
using Klock.Kernel;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>
/// The rows of the journal that every process on the file follows, as far as one store object has read it. All methods run inside a
/// transaction of the caller. Not thread-safe.
/// </summary>
internal sealed class JournalRows
{
    // The last event that was read or written: the file must still have it, or it is not the same journal any more.
    private HeadRow _last;

    /// <summary>Brings a replica up to the file's head: it is current, or lacks some events, or is loaded from the state's rows.</summary>
    public LeaseTable CatchUp(SqliteFile file, LeaseTable? replica) => ReadRows(file, () => BringUp(file, replica));

    /// <summary>Loads a part of the state; null when a part does not suffice.</summary>
    public LeaseTable? TryLoad(SqliteFile file, StatePart part) => ReadRows(file, () =>
    {
        HeadRow head = HeadRow.Read(file);
        RequireNotBack(head);
        if (HeadRow.Find(file, _last.Sequence) is { } last && last != _last)
        {
            throw new WentBackException();
        }

        LeaseTable? table = part.TryLoad(file, head);
        _last = head;
        return table;
    });

    /// <summary>The file was closed: what was read of it does not apply to the file that is opened next.</summary>
    public void Forget() => _last = default;

    /// <summary>Passes the events after a number to the sink; returns the number before the oldest one kept.</summary>
    public static long Read(SqliteFile file, long after, int limit, IEventSink sink) => ReadRows(file, () =>
    {
        for (Statement row = EventRows.SelectAfter(file, after, limit); row.Step();)
        {
            sink.Append(EventRows.Read(row));
        }

        return file.Statement("SELECT min(sequence) FROM events").Number() - 1;
    });

    /// <summary>Writes the events of a command.</summary>
    public void Append(SqliteFile file, List<Event> events)
    {
        foreach (Event happened in events)
        {
            EventRows.Insert(file, happened);
            StateRows.Update(file, happened);
            _last = HeadRow.Of(happened);
        }
    }

    // Any other exception while rows are read is caused by their content: by text that is no JSON, by an agent that is not there.
    private static T ReadRows<T>(SqliteFile file, Func<T> read)
    {
        try
        {
            Schema.Require(file);
            return read();
        }
        catch (Exception nonsense) when (
            nonsense is not (KlockException or SqliteException or IOException or InvalidDataException or OutOfMemoryException))
        {
            throw new InvalidDataException("its rows make no sense", nonsense);
        }
    }

    private LeaseTable BringUp(SqliteFile file, LeaseTable? replica)
    {
        HeadRow head = HeadRow.Read(file);
        RequireNotBack(head);
        LeaseTable caughtUp = replica is not null && (replica.Sequence == head.Sequence || TryFollow(file, replica))
            ? replica
            : StateRows.Load(file, head);
        _last = head;
        return caughtUp;
    }

    private void RequireNotBack(in HeadRow head)
    {
        if (head.Sequence < _last.Sequence || (head.Sequence == _last.Sequence && head != _last))
        {
            throw new WentBackException();
        }
    }

    private bool TryFollow(SqliteFile file, LeaseTable replica)
    {
        Statement row = EventRows.SelectAfter(file, _last.Sequence - 1);
        bool isFirst = true;
        while (row.Step())
        {
            Event next = EventRows.Read(row);
            if (isFirst && next.Sequence == _last.Sequence)
            {
                if (HeadRow.Of(next) != _last)
                {
                    row.Reset();
                    throw new WentBackException();
                }
            }
            else if (next.Sequence == replica.Sequence + 1)
            {
                replica.Apply(next);
            }
            else
            {
                // The events in between were pruned, or never existed.
                row.Reset();
                return false;
            }

            isFirst = false;
        }

        return true;
    }
}
