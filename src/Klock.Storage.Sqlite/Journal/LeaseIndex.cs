using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>Finds leases by resource, session and time, without reading all of them.</summary>
/// <remarks>
/// Most leases are released soon, and putting each into the indexes and out again would cost every pair more than it is worth. So only
/// those are in them (<c>is_indexed</c>) that existed at the last <see cref="TakeIn"/>; their highest number is in <c>indexed</c>.
/// Those above it are read one by one: there are no more of them than events since then. A renewal leaves the indexes as they are; they
/// have a time that the lease does not end before (<c>may_end_ms</c>), which is brought up to date when it has come.
/// </remarks>
internal static class LeaseIndex
{
    // How many of these times are brought up to date at once.
    private const int MostRenewed = 1_000;

    private const string Select = "SELECT fencing_token FROM leases INDEXED BY ";

    /// <summary>Once in a while, in a write transaction: indexes all leases that there are.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sequence">The number of its last event.</param>
    public static void TakeIn(SqliteFile file, long sequence)
    {
        file.Run("""
            UPDATE leases SET is_indexed = 1, may_end_ms = expires_at_ms
                WHERE fencing_token > (SELECT up_to FROM indexed) AND is_indexed = 0;
            UPDATE indexed SET up_to = $upTo;
            """, new SqliteParameter("$upTo", sequence));
    }

    /// <summary>Follows a renewal or a change, which rarely changes an indexed column.</summary>
    public static void Update(SqliteFile file, in Event happened) =>
        file.Statement("""
            UPDATE leases SET bound_to = ?1, may_end_ms = min(may_end_ms, ?2)
            WHERE fencing_token = ?3 AND (may_end_ms > ?2 OR bound_to IS NOT ?1)
            """)
            .BindOptional(happened.BoundTo).Bind(happened.ExpiresAtMs).Bind(happened.FencingToken).Run();

    /// <summary>
    /// In the transaction that adds the indexes: brings paths that an older version wrote to today's normal form.
    /// </summary>
    public static void Normalise(SqliteFile file)
    {
        List<(long Token, string Path)> changed = [];
        for (Statement row = file.Statement("SELECT fencing_token, resource_type, resource_path FROM leases"); row.Step();)
        {
            string path = Values.ToResource(row.Long(1), row.Text(2)).Path;
            if (path != row.Text(2))
            {
                changed.Add((row.Long(0), path));
            }
        }

        foreach ((long token, string path) in changed)
        {
            file.Statement("UPDATE leases SET resource_path = ? WHERE fencing_token = ?").Bind(path).Bind(token).Run();
        }
    }

    /// <summary>Adds the tokens of the leases that belong to a part of the state (<see cref="StatePart"/>).</summary>
    public static void Find(SqliteFile file, StatePart part, ISet<long> tokens)
    {
        FindNew(file, part, tokens);
        Add(tokens, file.Statement(Select + "leases_by_end WHERE is_indexed = 1 AND may_end_ms <= ?1 AND expires_at_ms <= ?1")
            .Bind(part.NowMs));
        file.Statement($"""
            UPDATE leases SET may_end_ms = expires_at_ms WHERE fencing_token IN (
                {Select} leases_by_end WHERE is_indexed = 1 AND may_end_ms <= ?1 AND expires_at_ms > ?1 LIMIT {MostRenewed})
            """).Bind(part.NowMs).Run();
        foreach (string path in part.Paths.Paths)
        {
            Add(tokens, file.Statement(Select + "leases_by_path WHERE is_indexed = 1 AND resource_path = ?").Bind(path));
        }

        foreach (string prefix in part.Paths.Prefixes)
        {
            Add(tokens, file.Statement(Select + "leases_by_path WHERE is_indexed = 1 AND resource_path >= ? AND resource_path < ?")
                .Bind(prefix).Bind(Above(prefix)));
        }

        if (part.Lease is { } id)
        {
            Add(tokens, file.Statement(Select + "leases_by_id WHERE is_indexed = 1 AND lease_id = ?").Bind(id));
        }

        if (part.RequestId is { } requestId)
        {
            Add(tokens, file.Statement(Select + "leases_by_request WHERE is_indexed = 1 AND request_id = ?").Bind(requestId));
        }

        foreach (LeaseId process in part.Gone)
        {
            Add(tokens, file.Statement(Select + "leases_by_process WHERE is_indexed = 1 AND bound_to = ?").Bind(process));
        }
    }

    private static void FindNew(SqliteFile file, StatePart part, ISet<long> tokens)
    {
        Statement row = file.Statement("SELECT fencing_token, lease_id, resource_path, request_id, bound_to, expires_at_ms FROM leases"
            + " WHERE fencing_token > (SELECT up_to FROM indexed)");
        while (row.Step())
        {
            bool isWanted = row.Long(5) <= part.NowMs || part.Paths.Has(row.Text(2))
                || (part.Lease is { } id && Values.ToId(row.Blob(1)) == id)
                || (part.RequestId is { } requestId && row.OptionalText(3) == requestId)
                || part.Gone.Contains(row.OptionalId(4));
            if (isWanted)
            {
                tokens.Add(row.Long(0));
            }
        }
    }

    // The first text that sorts after all that start with the prefix, which ends with an ASCII character (Neighbourhood).
    private static string Above(string prefix) => $"{prefix[..^1]}{(char)(prefix[^1] + 1)}";

    private static void Add(ISet<long> tokens, Statement row)
    {
        while (row.Step())
        {
            tokens.Add(row.Long(0));
        }
    }
}
