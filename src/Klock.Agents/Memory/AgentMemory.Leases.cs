using Klock.Storage.Sqlite.Database;

namespace Klock.Agents.Memory;

/// <summary>A lease that hooks took for an agent.</summary>
/// <param name="LeaseId">The lease.</param>
/// <param name="Agent">Whose.</param>
/// <param name="Resource">On what, as in <c>FILE:src/a.cs</c>.</param>
/// <param name="Path">The file's absolute path.</param>
/// <param name="Predicate">To do what.</param>
/// <param name="Call">The tool call that uses it; empty while it is idle.</param>
/// <param name="SinceMs">Since when, in ms since 1970.</param>
/// <param name="Before">The hash of the content before the call; null when there is none that counts.</param>
/// <param name="IsWhole">Whether the call replaces the whole content, so that the agent knows it afterwards.</param>
internal sealed record HookLease(
    string LeaseId, string Agent, string Resource, string Path, string Predicate, string Call, long SinceMs, string? Before,
    bool IsWhole)
{
    /// <summary>Whether no tool uses it: it may be ended for somebody who waits.</summary>
    public bool IsIdle => Call.Length == 0;
}

/// <summary>Which leases are in use and which are idle.</summary>
/// <remarks>
/// A lease is idle or in use by one statement each, so of an agent that goes on editing and another that needs the lease exactly one
/// gets it.
/// </remarks>
internal sealed partial class AgentMemory
{
    private const string LeaseColumns = "lease, agent, resource, path, predicate, call, since, before, whole";

    /// <summary>The leases of an agent.</summary>
    public IReadOnlyList<HookLease> LeasesOf(string agent) =>
        ReadLeases(_file.Statement($"SELECT {LeaseColumns} FROM leases WHERE agent = ?").Bind(agent));

    /// <summary>The lease of an agent on a resource; null when it has none.</summary>
    public HookLease? FindLease(string agent, string resource) =>
        ReadLeases(_file.Statement($"SELECT {LeaseColumns} FROM leases WHERE agent = ? AND resource = ?").Bind(agent).Bind(resource))
            .FirstOrDefault();

    /// <summary>Whether a tool of another agent uses a resource now.</summary>
    public bool IsInUse(string resource, string exceptBy) => ReadLeases(
        _file.Statement($"SELECT {LeaseColumns} FROM leases WHERE resource = ? AND agent <> ? AND call <> ''")
            .Bind(resource).Bind(exceptBy))
        .Count > 0;

    /// <summary>The agents of whom a tool uses a resource now.</summary>
    public IReadOnlyList<string> UsersOf(string resource) =>
    [
        .. ReadLeases(_file.Statement($"SELECT {LeaseColumns} FROM leases WHERE resource = ? AND call <> ''").Bind(resource))
            .Select(lease => lease.Agent),
    ];

    /// <summary>Remembers a lease that was granted for a call. Returns false if the agent has another one on the resource.</summary>
    /// <remarks>Where hooks are installed twice, two of them take leases for one call at the same time: one of each is enough.</remarks>
    public bool AddLease(HookLease lease)
    {
        Statement row = _file.Statement(
            $"INSERT OR REPLACE INTO leases ({LeaseColumns}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9"
            + " WHERE NOT EXISTS (SELECT 1 FROM leases WHERE agent = ?2 AND resource = ?3 AND lease <> ?1) RETURNING lease")
            .Bind(lease.LeaseId).Bind(lease.Agent).Bind(lease.Resource).Bind(lease.Path).Bind(lease.Predicate).Bind(lease.Call)
            .Bind(lease.SinceMs).Bind(lease.Before).Bind(lease.IsWhole ? 1 : 0);
        return IsAnyRow(row);
    }

    /// <summary>Puts a lease to use again. Returns whether it was still there.</summary>
    public bool TryUse(HookLease lease) => IsAnyRow(
        _file.Statement("UPDATE leases SET predicate = ?, call = ?, before = ?, whole = ? WHERE lease = ? RETURNING lease")
            .Bind(lease.Predicate).Bind(lease.Call).Bind(lease.Before).Bind(lease.IsWhole ? 1 : 0).Bind(lease.LeaseId));

    /// <summary>Makes a lease idle. Returns whether it was there, still used by that call, and awaited by nobody.</summary>
    public bool TryIdle(string leaseId, string call) => IsAnyRow(
        _file.Statement("UPDATE leases SET call = '', before = NULL WHERE lease = ? AND call = ? AND awaited = 0 RETURNING lease")
            .Bind(leaseId).Bind(call));

    /// <summary>Takes an idle lease out, to end it. Returns whether it was there and idle: then nobody else ends or uses it. Else it will
    /// not become idle any more, but end when its call is over: whoever asked is about to wait for it.</summary>
    public bool TryTakeIdle(string leaseId)
    {
        _file.Statement("UPDATE leases SET awaited = 1 WHERE lease = ?").Bind(leaseId).Run();
        return IsAnyRow(_file.Statement("DELETE FROM leases WHERE lease = ? AND call = '' RETURNING lease").Bind(leaseId));
    }

    /// <summary>Forgets a lease that is over. Returns whether it was still there.</summary>
    public bool RemoveLease(string leaseId) =>
        IsAnyRow(_file.Statement("DELETE FROM leases WHERE lease = ? RETURNING lease").Bind(leaseId));

    /// <summary>Forgets the leases of an agent.</summary>
    public void RemoveLeasesOf(string agent) => _file.Statement("DELETE FROM leases WHERE agent = ?").Bind(agent).Run();

    // A statement that returns rows is done only when it was read to its end.
    private static bool IsAnyRow(Statement row)
    {
        bool isAny = false;
        while (row.Step())
        {
            isAny = true;
        }

        return isAny;
    }

    private static List<HookLease> ReadLeases(Statement row)
    {
        List<HookLease> leases = [];
        while (row.Step())
        {
            leases.Add(new HookLease(
                row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Long(6), row.OptionalText(7),
                row.Long(8) != 0));
        }

        return leases;
    }
}
