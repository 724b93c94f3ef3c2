using Klock.Kernel;
using Klock.Kernel.Events;
using Klock.Kernel.Leases;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The rows of those who wait.</summary>
internal static class WaitRows
{
    /// <summary>Changes the rows as an event about a wait says.</summary>
    public static void Update(SqliteFile file, in Event happened)
    {
        switch (happened.Kind)
        {
            case EventKind.Queued or EventKind.Parked:
                Insert(file, happened);
                break;
            case EventKind.Promoted:
                file.Statement("UPDATE waits SET is_queued = 1, sequence = ? WHERE wait_id = ?")
                    .Bind(happened.Sequence).Bind(happened.Wait!.Id).Run();
                break;
            case EventKind.WaitEnded:
                file.Statement("DELETE FROM waits WHERE wait_id = ?").Bind(happened.Wait!.Id).Run();
                break;
            case EventKind.KeptAlive:
                file.Statement("UPDATE waits SET alive_until_ms = ? WHERE owner_id = ?")
                    .Bind(happened.ExpiresAtMs).Bind(happened.Wait!.OwnerId).Run();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened.Kind, "not about a wait");
        }
    }

    /// <summary>Puts those who wait into a table that has its agents and leases.</summary>
    public static void Load(SqliteFile file, LeaseTable table)
    {
        Statement row = file.Statement("""
            SELECT sequence, is_queued, wait_id, owner_id, agent_id, session_id, wanted, changes_lease,
                ttl_ms, deadline_ms, alive_until_ms, note, request_id, bound_to
            FROM waits ORDER BY sequence
            """);
        while (row.Step())
        {
            table.Apply(new Event
            {
                Sequence = row.Long(0),
                Kind = row.Long(1) != 0 ? EventKind.Queued : EventKind.Parked,
                AtMs = 0,
                AgentId = row.Text(4),
                SessionId = row.Text(5),
                TtlMs = row.Long(8),
                ExpiresAtMs = row.Long(10),
                Note = row.OptionalText(11),
                RequestId = row.OptionalText(12),
                BoundTo = row.OptionalId(13),
                Wait = new WaitFacts
                {
                    Id = Values.ToId(row.Blob(2)),
                    OwnerId = Values.ToId(row.Blob(3)),
                    Wanted = WantedText.Read(row.Text(6)),
                    ChangesLease = row.Long(7) != 0,
                    DeadlineMs = row.Long(9),
                },
            });
        }
    }

    private static void Insert(SqliteFile file, in Event waiting) => file.Statement("""
            INSERT INTO waits (wait_id, sequence, is_queued, owner_id, agent_id, session_id, wanted, changes_lease,
                ttl_ms, deadline_ms, alive_until_ms, note, request_id, bound_to)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .Bind(waiting.Wait!.Id).Bind(waiting.Sequence).Bind(waiting.Kind == EventKind.Queued ? 1 : 0).Bind(waiting.Wait.OwnerId)
        .Bind(waiting.AgentId).Bind(waiting.SessionId).Bind(WantedText.Write(waiting.Wait.Wanted)).Bind(waiting.Wait.ChangesLease ? 1 : 0)
        .Bind(waiting.TtlMs).Bind(waiting.Wait.DeadlineMs).Bind(waiting.ExpiresAtMs).Bind(waiting.Note).Bind(waiting.RequestId)
        .BindOptional(waiting.BoundTo).Run();
}
