using Klock.Kernel;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>
/// Which grants passed parked requests, so that a process that loads the state knows who is senior, or soon will be (KLIS-8, ageing).
/// </summary>
/// <remarks>
/// There is no count with each wait: one grant may pass thousands. Two passes make a session senior, so only the last two for each
/// resource can matter.
/// </remarks>
internal static class PassingRows
{
    /// <summary>In the transaction of an event: stores its number if it passed a parked request.</summary>
    public static void Update(SqliteFile file, in Event happened)
    {
        if (happened.Passes)
        {
            file.Statement("""
                INSERT INTO passings (namespace, resource_type, resource_path, predicate, last, before_last) VALUES (?, ?, ?, ?, ?, 0)
                ON CONFLICT DO UPDATE SET before_last = last, last = excluded.last
                """)
                .Bind(happened.Resource!.Namespace ?? "").Bind((long)happened.Resource.Type).Bind(happened.Resource.Path)
                .Bind((long)happened.Predicate).Bind(happened.Sequence).Run();
        }
    }

    /// <summary>Loads the passes into a table that has its waits already.</summary>
    public static void Load(SqliteFile file, LeaseTable table)
    {
        if (table.WaiterCount == 0)
        {
            return;
        }

        Statement row = file.Statement(
            "SELECT resource_type, resource_path, predicate, last, before_last, nullif(namespace, '') FROM passings");
        while (row.Step())
        {
            var resource = Values.ToResource(row.Long(0), row.Text(1)).In(row.OptionalText(5));
            var predicate = Values.ToPredicate(row.Long(2));
            table.RememberPassing(resource, predicate, row.Long(3));
            table.RememberPassing(resource, predicate, row.Long(4));
        }
    }

    /// <summary>Deletes the passes that are older than every parked request.</summary>
    public static void DropPast(SqliteFile file) => file.Run(
        "DELETE FROM passings WHERE last < (SELECT coalesce(min(sequence), 9223372036854775807) FROM waits WHERE is_queued = 0)");
}
