using Klock.Storage.Sqlite.Database;

namespace Klock.Agents.Memory;

/// <summary>A call of a tool of <c>klock mcp</c>, as the client's hook saw it.</summary>
/// <param name="Call">The client's id of the call; empty where it gives none.</param>
/// <param name="Agent">Which agent calls.</param>
/// <param name="Process">The client's process; 0 where it is not known.</param>
/// <param name="Started">When that started.</param>
/// <param name="Digest">A hash of the tool and its input.</param>
/// <param name="AtMs">When, in ms since 1970.</param>
internal sealed record AgentCall(string Call, string Agent, int Process, long Started, string Digest, long AtMs);

/// <summary>What agents have claimed ahead, and which agent called a tool of <c>klock mcp</c>.</summary>
internal sealed partial class AgentMemory
{
    // A call is looked for right after its hook, unless a person is asked first.
    private const int MaxCalls = 1_000;
    private const long CallForgottenAfterMs = 10 * 60 * 1000;

    /// <summary>The leases that an agent has claimed ahead.</summary>
    public IReadOnlyList<string> ClaimsOf(string agent)
    {
        List<string> leases = [];
        Statement row = _file.Statement("SELECT lease FROM claims WHERE agent = ?").Bind(agent);
        while (row.Step())
        {
            leases.Add(row.Text(0));
        }

        return leases;
    }

    /// <summary>Remembers a lease that was claimed ahead: the end of a turn does not end it.</summary>
    public void AddClaim(string lease, string agent, long atMs) =>
        _file.Statement("INSERT OR REPLACE INTO claims (lease, agent, at) VALUES (?, ?, ?)").Bind(lease).Bind(agent).Bind(atMs).Run();

    /// <summary>Forgets a claim that is over.</summary>
    public void RemoveClaim(string lease) => _file.Statement("DELETE FROM claims WHERE lease = ?").Bind(lease).Run();

    /// <summary>Forgets the claims of an agent.</summary>
    public void RemoveClaimsOf(string agent) => _file.Statement("DELETE FROM claims WHERE agent = ?").Bind(agent).Run();

    /// <summary>Remembers which agent is about to call a tool of <c>klock mcp</c>; of very many calls the latest.</summary>
    public void AddCall(AgentCall call)
    {
        _file.Statement("INSERT INTO calls (call, agent, process, started, digest, at) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(call.Call).Bind(call.Agent).Bind(call.Process).Bind(call.Started).Bind(call.Digest).Bind(call.AtMs).Run();
        _file.Statement("DELETE FROM calls WHERE number <= (SELECT max(number) FROM calls) - ?").Bind(MaxCalls).Run();
    }

    /// <summary>
    /// Takes out the agent that made a call: by the call's id, else by its digest, of the calls of this process the latest.
    /// </summary>
    /// <returns>null when no hook saw the call.</returns>
    public KnownAgent? TakeCall(string? call, int process, long started, string digest, long nowMs)
    {
        Statement row = _file.Statement(
            "DELETE FROM calls WHERE number = (SELECT number FROM calls WHERE at >= ?2"
            + " AND CASE WHEN ?3 IS NULL THEN digest = ?1 AND process = ?4 AND started = ?5 ELSE call = ?3 END"
            + " ORDER BY number DESC LIMIT 1) RETURNING agent")
            .Bind(digest).Bind(nowMs - CallForgottenAfterMs).Bind(call).Bind(process).Bind(started);
        if (!row.Step())
        {
            return null;
        }

        string agent = row.Text(0);
        row.Reset();
        return FindAgent(agent);
    }

    /// <summary>The main agents that hooks have seen of a process.</summary>
    public IReadOnlyList<KnownAgent> MainAgentsOf(int process, long started) => process == 0 ? [] : ReadAgents(
        _file.Statement("SELECT agent, main, priority, seen_at FROM agents WHERE process = ? AND started = ? AND agent = main")
            .Bind(process).Bind(started));
}
