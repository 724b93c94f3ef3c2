using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The rows of the current state: updated with the journal, and read when a store is opened.</summary>
internal static class StateRows
{
    private const string LeaseColumns = """
        fencing_token, lease_id, agent_id, session_id, resource_type, resource_path, predicate,
        acquired_at_ms, ttl_ms, expires_at_ms, last_heartbeat_ms, note, request_id, bound_to, senior_since, first_token, namespace
        """;

    /// <summary>Applies an event to the state's rows, in the event's own transaction.</summary>
    public static void Update(SqliteFile file, in Event happened)
    {
        switch (happened.Kind)
        {
            case EventKind.Registered:
                file.Statement("INSERT OR REPLACE INTO agents (agent_id, priority, used_at) VALUES (?, ?, ?)")
                    .Bind(happened.AgentId).Bind(unchecked((long)happened.Priority)).Bind(happened.Sequence).Run();
                break;
            case EventKind.Forgotten:
                file.Statement("DELETE FROM agents WHERE agent_id = ?").Bind(happened.AgentId).Run();
                break;
            case EventKind.Granted:
                InsertLease(file, happened);
                break;
            case EventKind.Created or EventKind.Refused or EventKind.Resumed or EventKind.SessionShared:
                break;
            case EventKind.Changed:
                file.Statement("""
                    UPDATE leases SET first_token = iif(first_token = 0, fencing_token, first_token), fencing_token = ?, predicate = ?,
                        expires_at_ms = ?, last_heartbeat_ms = ?
                    WHERE fencing_token = ?
                    """)
                    .Bind(happened.FencingToken).Bind((long)happened.Predicate).Bind(happened.ExpiresAtMs).Bind(happened.AtMs)
                    .Bind(happened.PreviousToken).Run();
                LeaseIndex.Update(file, happened);
                break;
            case EventKind.Renewed:
                file.Statement("UPDATE leases SET ttl_ms = ?, expires_at_ms = ?, last_heartbeat_ms = ? WHERE fencing_token = ?")
                    .Bind(happened.TtlMs).Bind(happened.ExpiresAtMs).Bind(happened.AtMs).Bind(happened.FencingToken).Run();
                LeaseIndex.Update(file, happened);
                break;
            case EventKind.Released or EventKind.Expired or EventKind.Revoked:
                file.Statement("DELETE FROM leases WHERE fencing_token = ?").Bind(happened.FencingToken).Run();
                break;
            default:
                WaitRows.Update(file, happened);
                break;
        }

        PassingRows.Update(file, happened);
    }

    /// <summary>A table in the state that the file holds.</summary>
    /// <param name="file">The file.</param>
    /// <param name="head">Its last event.</param>
    public static LeaseTable Load(SqliteFile file, in HeadRow head)
    {
        var table = new LeaseTable(0);
        for (Statement row = file.Statement("SELECT agent_id, priority FROM agents ORDER BY used_at"); row.Step();)
        {
            AddAgent(table, row);
        }

        string agentId = "", sessionId = "";
        for (Statement row = file.Statement($"SELECT {LeaseColumns} FROM leases ORDER BY fencing_token"); row.Step();)
        {
            agentId = row.Text(2, agentId);
            sessionId = row.Text(3, sessionId);
            AddLease(table, row, agentId, sessionId);
        }

        WaitRows.Load(file, table);
        PassingRows.Load(file, table);
        LoadEnded(file, table);
        table.MoveTo(head.Sequence, head.AtMs);
        return table;
    }

    /// <summary>Loads one agent into a table, unless it is there. False when it is not remembered.</summary>
    public static bool TryLoadAgent(SqliteFile file, LeaseTable table, string agentId)
    {
        Statement row = file.Statement("SELECT agent_id, priority FROM agents WHERE agent_id = ?").Bind(agentId);
        if (!row.Step())
        {
            return false;
        }

        AddAgent(table, row);
        row.Reset();
        return true;
    }

    /// <summary>Loads some leases, and the agents that hold them, into a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="table">The table.</param>
    /// <param name="tokens">Their tokens, in order.</param>
    public static void LoadLeases(SqliteFile file, LeaseTable table, IEnumerable<long> tokens)
    {
        var agents = new HashSet<string>(StringComparer.Ordinal);
        foreach (long token in tokens)
        {
            Statement row = file.Statement($"SELECT {LeaseColumns} FROM leases WHERE fencing_token = ?").Bind(token);
            row.Step();
            string agentId = row.Text(2);
            if (agents.Add(agentId))
            {
                TryLoadAgent(file, table, agentId);
            }

            AddLease(table, row, agentId, row.Text(3));
            row.Reset();
        }
    }

    /// <summary>Loads how leases ended that are no longer active.</summary>
    public static void LoadEnded(SqliteFile file, LeaseTable table)
    {
        Statement row = file.Statement(
            "SELECT lease_id, kind, at_ms FROM events INDEXED BY ended_leases WHERE kind IN (6, 7) ORDER BY sequence");
        while (row.Step())
        {
            LeaseState state = (EventKind)row.Long(1) == EventKind.Expired ? LeaseState.Expired : LeaseState.Revoked;
            table.RememberEnded(Values.ToId(row.Blob(0)), state, row.Long(2));
        }
    }

    private static void InsertLease(SqliteFile file, in Event grant) => file.Statement("""
            INSERT INTO leases (fencing_token, lease_id, agent_id, session_id, resource_type, resource_path, predicate,
                acquired_at_ms, ttl_ms, expires_at_ms, last_heartbeat_ms, note, request_id, bound_to, senior_since, namespace)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .Bind(grant.FencingToken).Bind(grant.LeaseId).Bind(grant.AgentId).Bind(grant.SessionId)
        .Bind((long)grant.Resource!.Type).Bind(grant.Resource.Path).Bind((long)grant.Predicate)
        .Bind(grant.AtMs).Bind(grant.TtlMs).Bind(grant.ExpiresAtMs).Bind(grant.AtMs).Bind(grant.Note).Bind(grant.RequestId)
        .BindOptional(grant.BoundTo).Bind(grant.SeniorSince).Bind(grant.Resource.Namespace).Run();

    private static void AddAgent(LeaseTable table, Statement row) => table.Apply(new Event
    {
        Sequence = 0, Kind = EventKind.Registered, AtMs = 0, AgentId = row.Text(0), Priority = unchecked((ulong)row.Long(1)),
    });

    private static void AddLease(LeaseTable table, Statement row, string agentId, string sessionId)
    {
        var grant = new Event
        {
            Sequence = row.Long(0),
            Kind = EventKind.Granted,
            AtMs = row.Long(7),
            AgentId = agentId,
            LeaseId = Values.ToId(row.Blob(1)),
            FencingToken = row.Long(0),
            SessionId = sessionId,
            Resource = Values.ToResource(row.Long(4), row.Text(5)).In(row.OptionalText(16)),
            Predicate = Values.ToPredicate(row.Long(6)),
            TtlMs = row.Long(8),
            ExpiresAtMs = row.Long(9),
            Note = row.OptionalText(11),
            RequestId = row.OptionalText(12),
            BoundTo = row.OptionalId(13),
            SeniorSince = row.Long(14),
            PreviousToken = row.Long(15),
        };
        table.Apply(grant);
        long lastHeartbeatMs = row.Long(10);
        if (lastHeartbeatMs != grant.AtMs)
        {
            table.Apply(grant with { Kind = EventKind.Renewed, AtMs = lastHeartbeatMs });
        }
    }
}
