using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Storage.Sqlite.Import;

namespace Klock.Cli.Originals;

/// <summary>An agent and its priority, as the original stored it.</summary>
internal sealed record OriginalAgent(string Id, ulong Priority);

/// <summary>A lease that the original stored.</summary>
/// <param name="Id">Its id there; it gets another one here.</param>
/// <param name="Agent">Who holds it.</param>
/// <param name="Session">In which session.</param>
/// <param name="Type">The type of the resource.</param>
/// <param name="Path">Its path.</param>
/// <param name="Predicate">What for.</param>
/// <param name="LeftMs">How long it lasts from now on, in ms.</param>
/// <param name="AcquiredAtMs">When it was granted, in ms since 1970; 0 when that is not known.</param>
internal sealed record OriginalLease(
    string Id, string Agent, string Session, ResourceType Type, string Path, Predicate Predicate, long LeftMs, long AcquiredAtMs);

/// <summary>What is found in an original's database, by the names of its columns: nobody promised what its tables are called.</summary>
/// <param name="time">The clock: leases that have ended are not taken over.</param>
internal sealed class OriginalContents(TimeProvider time)
{
    private static readonly string[] Acquired = ["acquired_at", "acquired_at_ms", "granted_at", "created_at"];

    private static readonly string[] Marks = ["released", "revoked", "expired"];

    private readonly List<OriginalAgent> _agents = [];
    private readonly List<OriginalLease> _leases = [];
    private readonly List<string> _problems = [];

    /// <summary>The agents that have a priority.</summary>
    public IReadOnlyList<OriginalAgent> Agents => _agents;

    /// <summary>The leases that last still, in the order in which they were granted.</summary>
    public IReadOnlyList<OriginalLease> Leases => [.. _leases.OrderBy(lease => lease.AcquiredAtMs)];

    /// <summary>How many leases have ended.</summary>
    public int Ended { get; private set; }

    /// <summary>What could not be read, a sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads all tables of a database.</summary>
    public static OriginalContents Read(OriginalDatabase database, TimeProvider time)
    {
        var contents = new OriginalContents(time);
        foreach (string table in database.Tables())
        {
            contents.ReadTable(database, table);
        }

        return contents;
    }

    private void ReadTable(OriginalDatabase database, string table)
    {
        int strange = 0, others = 0;
        string? why = null;
        foreach (IReadOnlyDictionary<string, object> columns in database.Rows(table))
        {
            var row = new OriginalRow(columns);
            bool isLease = row.Has("predicate") && row.Has("resource", "resource_path", "path"), isAgent = row.Has("priority");
            if (!isLease && !isAgent)
            {
                others++;
            }
            else if ((isLease ? ReadLease(row) : ReadAgent(row)) is { } problem)
            {
                strange++;
                why ??= problem;
            }
        }

        if (strange > 0)
        {
            _problems.Add($"{Rows(strange)} of the table {table} cannot be read: {why}.");
        }

        if (others > 0)
        {
            _problems.Add(
                $"{Rows(others)} of the table {table} left out: no lease, since it has no predicate and resource, and no priority.");
        }
    }

    private static string Rows(int count) => count == 1 ? "1 row" : $"{count} rows";

    private string? ReadAgent(OriginalRow row)
    {
        if (row.Text("agent_id", "id", "agent", "name") is not { Length: > 0 } id)
        {
            return "a priority has no agent's id";
        }

        if (row.Integer("priority") is not >= 0)
        {
            return "a priority is no number, 0 or more";
        }

        _agents.Add(new OriginalAgent(id, (ulong)row.Integer("priority")!));
        return null;
    }

    private string? ReadLease(OriginalRow row)
    {
        if (row.Text("agent_id", "agent", "holder", "owner", "subject") is not { Length: > 0 } agent)
        {
            return "a lease has no agent's id";
        }

        if (!TryResource(row, out ResourceType type, out string path))
        {
            return "a lease has no resource that is known";
        }

        if (!TryPredicate(row, out Predicate predicate))
        {
            return "a lease has no predicate that is known";
        }

        if (HasEnded(row))
        {
            Ended++;
            return null;
        }

        if (EndOf(row) is not { } end)
        {
            return "a lease has no end: neither expires_at nor acquired_at and ttl";
        }

        long left = end - time.GetUtcNow().ToUnixTimeMilliseconds();
        if (left <= 0)
        {
            Ended++;
            return null;
        }

        long acquired = row.Time(Acquired) ?? 0;
        string id = row.Key("lease_id", "id") ?? FormattableString.Invariant($"{agent} {predicate} {type} {path} {acquired}");
        _leases.Add(new OriginalLease(id, agent, row.Text("session_id", "session") ?? agent, type, path, predicate, left, acquired));
        return null;
    }

    private static bool TryResource(OriginalRow row, out ResourceType type, out string path)
    {
        if (row.Text("resource_path", "path") is { Length: > 0 } own)
        {
            path = own;
            return OriginalWords.TryType(row.Text("resource_type", "type", "kind") ?? "", out type);
        }

        string text = row.Text("resource") ?? "";
        int colon = Math.Max(text.IndexOf(':', StringComparison.Ordinal), 0);
        path = text[Math.Min(colon + 1, text.Length)..];
        return OriginalWords.TryType(text[..colon], out type) && path.Length > 0;
    }

    // A number is the index of KLIS-1.
    private static bool TryPredicate(OriginalRow row, out Predicate predicate)
    {
        if (row.Text("predicate") is { } text)
        {
            return OriginalWords.TryPredicate(text, out predicate);
        }

        long? index = row.Integer("predicate");
        predicate = (Predicate)(index ?? -1);
        return index is >= (long)Predicate.Provides and <= (long)Predicate.Renames;
    }

    private static bool HasEnded(OriginalRow row) =>
        row.Text("state", "status") is { } state && !state.Equals("active", StringComparison.OrdinalIgnoreCase)
        || Marks.Any(name => row.Integer(name) is not (null or 0))
        || row.Has("released_at", "revoked_at");

    private static long? EndOf(OriginalRow row) =>
        row.Time("expires_at", "expires_at_ms", "expires")
        ?? (row.Time("last_heartbeat", "renewed_at") ?? row.Time(Acquired)) + row.Integer("ttl", "ttl_ms");
}
