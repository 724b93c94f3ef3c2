using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The last event of a journal, with what distinguishes the journal from another that has reached the same number.</summary>
internal readonly record struct HeadRow(long Sequence, EventKind Kind, long AtMs, LeaseId LeaseId)
{
    /// <summary>Made of an event.</summary>
    public static HeadRow Of(in Event happened) => new(happened.Sequence, happened.Kind, happened.AtMs, happened.LeaseId);

    /// <summary>Read from a file, inside a transaction.</summary>
    /// <exception cref="InvalidDataException">There is none: the journal of a store is never empty.</exception>
    public static HeadRow Read(SqliteFile file) =>
        Read(file.Statement("SELECT sequence, kind, at_ms, lease_id FROM events ORDER BY sequence DESC LIMIT 1"))
            ?? throw new InvalidDataException("The store's journal is empty.");

    /// <summary>That of the event with a number; null when the event is not there, or not any more.</summary>
    public static HeadRow? Find(SqliteFile file, long sequence) =>
        Read(file.Statement("SELECT sequence, kind, at_ms, lease_id FROM events WHERE sequence = ?").Bind(sequence));

    private static HeadRow? Read(Statement row)
    {
        if (!row.Step())
        {
            return null;
        }

        var head = new HeadRow(row.Long(0), (EventKind)row.Long(1), row.Long(2), row.OptionalId(3));
        row.Reset();
        return head;
    }
}
