using Klock.Kernel.Events;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The journal's rows: events, to and from the file.</summary>
internal static class EventRows
{
    private const string InsertSql = """
        INSERT INTO events (sequence, kind, at_ms, agent_id, priority, lease_id, fencing_token, session_id, resource_type, resource_path,
            predicate, ttl_ms, expires_at_ms, note, request_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """;

    private const string SelectAfterSql = """
        SELECT sequence, kind, at_ms, agent_id, priority, lease_id, fencing_token, session_id, resource_type, resource_path,
            predicate, ttl_ms, expires_at_ms, note, request_id
        FROM events WHERE sequence > ? ORDER BY sequence
        """;

    public static void Insert(SqliteFile file, in Event happened)
    {
        Statement insert = file.Statement(InsertSql)
            .Bind(happened.Sequence).Bind((long)happened.Kind).Bind(happened.AtMs)
            .Bind(happened.AgentId).Bind(unchecked((long)happened.Priority));
        if (happened.Resource is { } resource)
        {
            insert.Bind(Values.ToBlob(happened.LeaseId)).Bind(happened.FencingToken).Bind(happened.SessionId)
                .Bind((long)resource.Type).Bind(resource.Path).Bind((long)happened.Predicate)
                .Bind(happened.TtlMs).Bind(happened.ExpiresAtMs).Bind(happened.Note).Bind(happened.RequestId);
        }

        insert.Run();
    }

    /// <summary>The events after a number, in order.</summary>
    public static Statement SelectAfter(SqliteFile file, long sequence) => file.Statement(SelectAfterSql).Bind(sequence);

    public static Event Read(Statement row)
    {
        var happened = new Event
        {
            Sequence = row.Long(0),
            Kind = (EventKind)row.Long(1),
            AtMs = row.Long(2),
            AgentId = row.OptionalText(3),
            Priority = unchecked((ulong)row.Long(4)),
        };
        return row.IsNull(5) ? happened : happened with
        {
            LeaseId = LeaseId.FromBytes(row.Blob(5)),
            FencingToken = row.Long(6),
            SessionId = row.Text(7),
            Resource = Values.ToResource(row.Long(8), row.Text(9)),
            Predicate = (Predicate)row.Long(10),
            TtlMs = row.Long(11),
            ExpiresAtMs = row.Long(12),
            Note = row.OptionalText(13),
            RequestId = row.OptionalText(14),
        };
    }
}
