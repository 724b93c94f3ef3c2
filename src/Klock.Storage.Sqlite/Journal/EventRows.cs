using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The journal's rows: events, to and from the file.</summary>
internal static class EventRows
{
    private const string Columns = """
        sequence, kind, at_ms, agent_id, priority, session_id, resource_type, resource_path, predicate,
        lease_id, fencing_token, ttl_ms, expires_at_ms, note, request_id, verdict, previous_token,
        bound_to, senior_since, namespace, wait_id, owner_id, wanted, changes_lease, deadline_ms, outcome
        """;

    private const string InsertSql =
        $"INSERT INTO events ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private const string SelectAfterSql = $"SELECT {Columns} FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?";

    public static void Insert(SqliteFile file, in Event happened)
    {
        Statement insert = file.Statement(InsertSql)
            .Bind(happened.Sequence).Bind((long)happened.Kind).Bind(happened.AtMs)
            .Bind(happened.AgentId).Bind(unchecked((long)happened.Priority));
        if (happened.Resource is { } resource)
        {
            insert.Bind(happened.SessionId).Bind((long)resource.Type).Bind(resource.Path).Bind((long)happened.Predicate);
        }
        else
        {
            insert.BindNulls(4);
        }

        insert.Bind(happened.LeaseId).Bind(happened.FencingToken).Bind(happened.TtlMs).Bind(happened.ExpiresAtMs).Bind(happened.Note)
            .Bind(happened.RequestId).Bind((long)happened.Verdict).Bind(happened.PreviousToken)
            .BindOptional(happened.BoundTo).Bind(happened.SeniorSince).Bind(happened.Resource?.Namespace);
        if (happened.Wait is { } wait)
        {
            insert.Bind(wait.Id).Bind(wait.OwnerId).Bind(wait.Wanted is null ? null : WantedText.Write(wait.Wanted))
                .Bind(wait.ChangesLease ? 1 : 0).Bind(wait.DeadlineMs).Bind((long)wait.Outcome);
        }

        insert.Run();
    }

    /// <summary>The events after a number, in order, at most so many.</summary>
    public static Statement SelectAfter(SqliteFile file, long sequence, long limit = long.MaxValue) =>
        file.Statement(SelectAfterSql).Bind(sequence).Bind(limit);

    public static Event Read(Statement row)
    {
        return new Event
        {
            Sequence = row.Long(0),
            Kind = (EventKind)row.Long(1),
            AtMs = row.Long(2),
            AgentId = row.OptionalText(3),
            Priority = unchecked((ulong)row.Long(4)),
            SessionId = row.OptionalText(5),
            Resource = row.IsNull(7) ? null : Values.ToResource(row.Long(6), row.Text(7)).In(row.OptionalText(19)),
            Predicate = Values.ToPredicate(row.Long(8)),
            LeaseId = Values.ToId(row.Blob(9)),
            FencingToken = row.Long(10),
            TtlMs = row.Long(11),
            ExpiresAtMs = row.Long(12),
            Note = row.OptionalText(13),
            RequestId = row.OptionalText(14),
            Verdict = (Verdict)row.Long(15),
            PreviousToken = row.Long(16),
            BoundTo = row.OptionalId(17),
            SeniorSince = row.Long(18),
            Wait = row.IsNull(20) ? null : ReadWait(row),
        };
    }

    private static WaitFacts ReadWait(Statement row) => new()
    {
        Id = Values.ToId(row.Blob(20)),
        OwnerId = Values.ToId(row.Blob(21)),
        Wanted = row.IsNull(22) ? null : WantedText.Read(row.Text(22), row.OptionalText(19)),
        ChangesLease = row.Long(23) != 0,
        DeadlineMs = row.Long(24),
        Outcome = (WaitOutcome)row.Long(25),
    };
}
