using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The rows of the waiting requests.</summary>
internal static class WaitRows
{
    /// <summary>Applies an event about a wait to the rows.</summary>
    public static void Update(SqliteFile file, in Event happened)
    {
        switch (happened.Kind)
        {
            case EventKind.Queued or EventKind.Parked:
                Insert(file, happened);
                SetAlive(file, happened.Wait!.OwnerId, happened.ExpiresAtMs);
                break;
            case EventKind.Promoted:
                file.Statement("UPDATE waits SET is_queued = 1, sequence = ?, senior_since = ? WHERE wait_id = ?")
                    .Bind(happened.Sequence).Bind(happened.SeniorSince).Bind(happened.Wait!.Id).Run();
                break;
            case EventKind.WaitEnded:
                End(file, happened);
                break;
            case EventKind.KeptAlive:
                KeepAlive(file, happened);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(happened), happened.Kind, "not about a wait");
        }
    }

    /// <summary>Deletes the processes that wait for nothing any more.</summary>
    public static void DropIdleOwners(SqliteFile file) =>
        file.Run("DELETE FROM owners WHERE owner_id NOT IN (SELECT owner_id FROM waits)");

    /// <summary>Loads the waiting requests into a table that has its agents and leases.</summary>
    public static void Load(SqliteFile file, LeaseTable table)
    {
        Statement row = file.Statement("""
            SELECT sequence, is_queued, wait_id, owner_id, agent_id, session_id, wanted, changes_lease,
                ttl_ms, deadline_ms, alive_until_ms, note, request_id, bound_to, senior_since, kept_until_ms, is_joined, namespace
            FROM waits JOIN owners USING (owner_id) ORDER BY is_joined, sequence
            """);
        while (row.Step())
        {
            var waiting = new Event
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
                SeniorSince = row.Long(14),
                Wait = new WaitFacts
                {
                    Id = Values.ToId(row.Blob(2)),
                    OwnerId = Values.ToId(row.Blob(3)),
                    Wanted = WantedText.Read(row.Text(6), row.OptionalText(17)),
                    ChangesLease = row.Long(7) != 0,
                    DeadlineMs = row.Long(9),
                    IsJoined = row.Long(16) != 0,
                },
            };
            table.Apply(waiting);
            if (row.Long(15) is > 0 and long keptUntilMs)
            {
                table.Apply(waiting with { Kind = EventKind.KeptAlive, ExpiresAtMs = keptUntilMs });
            }
        }
    }

    private static void Insert(SqliteFile file, in Event waiting) => file.Statement("""
            INSERT INTO waits (wait_id, sequence, is_queued, owner_id, agent_id, session_id, wanted, changes_lease,
                ttl_ms, deadline_ms, note, request_id, bound_to, senior_since, is_joined, namespace)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .Bind(waiting.Wait!.Id).Bind(waiting.Sequence).Bind(waiting.Kind == EventKind.Queued ? 1 : 0).Bind(waiting.Wait.OwnerId)
        .Bind(waiting.AgentId).Bind(waiting.SessionId).Bind(WantedText.Write(waiting.Wait.Wanted)).Bind(waiting.Wait.ChangesLease ? 1 : 0)
        .Bind(waiting.TtlMs).Bind(waiting.Wait.DeadlineMs).Bind(waiting.Note).Bind(waiting.RequestId)
        .BindOptional(waiting.BoundTo).Bind(waiting.SeniorSince).Bind(waiting.Wait.IsJoined ? 1 : 0)
        .Bind(waiting.Resource!.Namespace).Run();

    private static void KeepAlive(SqliteFile file, in Event kept)
    {
        if (kept.Wait!.Id == default)
        {
            SetAlive(file, kept.Wait.OwnerId, kept.ExpiresAtMs);
            return;
        }

        file.Statement("UPDATE waits SET kept_until_ms = ? WHERE wait_id = ?").Bind(kept.ExpiresAtMs).Bind(kept.Wait.Id).Run();
    }

    private static void SetAlive(SqliteFile file, LeaseId ownerId, long untilMs) =>
        file.Statement("INSERT OR REPLACE INTO owners (owner_id, alive_until_ms) VALUES (?, ?)").Bind(ownerId).Bind(untilMs).Run();

    // Rare: another wait shared its place, that is its number, its kind, its seniority and the ids of its leases. Or the session has
    // more parked requests, which are as senior as the one that ended.
    private static void End(SqliteFile file, in Event ended)
    {
        if (ended.Wait!.Successor != default)
        {
            file.Statement("""
                UPDATE waits SET is_joined = 0, (sequence, is_queued, wanted, senior_since) =
                    (SELECT sequence, is_queued, wanted, senior_since FROM waits WHERE wait_id = ?) WHERE wait_id = ?
                """).Bind(ended.Wait.Id).Bind(ended.Wait.Successor).Run();
        }

        file.Statement("DELETE FROM waits WHERE wait_id = ?").Bind(ended.Wait.Id).Run();
        if (ended.SeniorSince != 0)
        {
            file.Statement("UPDATE waits SET senior_since = ? WHERE agent_id = ? AND session_id = ?")
                .Bind(ended.SeniorSince).Bind(ended.AgentId).Bind(ended.SessionId).Run();
        }
    }
}
