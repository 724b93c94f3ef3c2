using Klock.Agents.Processes;
using Klock.Storage.Sqlite.Database;

namespace Klock.Agents.Memory;

/// <summary>An agent that a hook has seen.</summary>
/// <param name="Agent">Its id.</param>
/// <param name="Main">The id of the main agent of its session: its own, unless it is a subagent.</param>
/// <param name="Priority">Its priority in leases: when its main agent first appeared, in ms since 1970.</param>
/// <param name="SeenAtMs">When it was last heard of.</param>
internal sealed record KnownAgent(string Agent, string Main, long Priority, long SeenAtMs);

/// <summary>Whether an agent may still go on with what it did.</summary>
/// <param name="Process">The client's process, as it was when the agent was last heard of; of number 0 when that is not known.</param>
/// <param name="SeenAtMs">When it was last heard of.</param>
/// <param name="IsOver">Whether it is a subagent whose turn is over: what it did is its parent's now.</param>
internal sealed record AgentStanding(ClientProcess Process, long SeenAtMs, bool IsOver);

/// <summary>Which agents there are.</summary>
internal sealed partial class AgentMemory
{
    // Each is opened at every event.
    private const int MaxPlaces = 16;

    // An agent that was not heard of for so long is forgotten, with all that it knew.
    private const long ForgottenAfterMs = 7L * 24 * 60 * 60 * 1000;

    /// <summary>The agent of this id; null when it has not been seen.</summary>
    public KnownAgent? FindAgent(string agent)
    {
        Statement row = _file.Statement("SELECT agent, main, priority, seen_at FROM agents WHERE agent = ?").Bind(agent);
        if (!row.Step())
        {
            return null;
        }

        KnownAgent found = ReadAgent(row);
        row.Reset();
        return found;
    }

    /// <summary>Notes that an agent was heard of, and of which process.</summary>
    public void SeeAgent(KnownAgent agent, int process, long started) =>
        _file.Statement(
            "INSERT INTO agents (agent, main, priority, process, started, seen_at) VALUES (?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (agent) DO UPDATE SET"
            + " process = excluded.process, started = excluded.started, seen_at = excluded.seen_at, over = 0")
            .Bind(agent.Agent).Bind(agent.Main).Bind(agent.Priority).Bind(process).Bind(started).Bind(agent.SeenAtMs).Run();

    /// <summary>Notes that a subagent's turn is over. It may come back.</summary>
    public void SetOver(string agent) => _file.Statement("UPDATE agents SET over = 1 WHERE agent = ?").Bind(agent).Run();

    /// <summary>Whether an agent may still go on; null when it has not been seen, or its session is over.</summary>
    public AgentStanding? FindStanding(string agent)
    {
        Statement row = _file.Statement("SELECT process, started, seen_at, over FROM agents WHERE agent = ?").Bind(agent);
        if (!row.Step())
        {
            return null;
        }

        AgentStanding found = new(new ClientProcess((int)row.Long(0), row.Long(1)), row.Long(2), row.Long(3) != 0);
        row.Reset();
        return found;
    }

    /// <summary>The agents of a session: its main agent and the subagents that were seen.</summary>
    public IReadOnlyList<KnownAgent> AgentsOf(string main) =>
        ReadAgents(_file.Statement("SELECT agent, main, priority, seen_at FROM agents WHERE main = ?").Bind(main));

    /// <summary>The main agents of other sessions of the same process: a client has one at a time.</summary>
    public IReadOnlyList<KnownAgent> OthersOfProcess(int process, long started, string main) => process == 0 ? [] : ReadAgents(
        _file.Statement(
            "SELECT agent, main, priority, seen_at FROM agents WHERE process = ? AND started = ? AND main <> ? AND agent = main")
            .Bind(process).Bind(started).Bind(main));

    /// <summary>Remembers that agents of a session have something in another repository: the folder of its store.</summary>
    public void AddPlace(string main, string folder, long atMs) =>
        _file.Statement("INSERT OR REPLACE INTO places (main, folder, at) VALUES (?, ?, ?)").Bind(main).Bind(folder).Bind(atMs).Run();

    /// <summary>Forgets that, when they have nothing there any more.</summary>
    public void RemovePlace(string main, string folder) =>
        _file.Statement("DELETE FROM places WHERE main = ? AND folder = ?").Bind(main).Bind(folder).Run();

    /// <summary>
    /// The folders of the stores of other repositories that agents of a session have something in: of very many the latest.
    /// </summary>
    public IReadOnlyList<string> PlacesOf(string main)
    {
        List<string> folders = [];
        Statement row = _file.Statement("SELECT folder FROM places WHERE main = ? ORDER BY at DESC LIMIT ?").Bind(main).Bind(MaxPlaces);
        while (row.Step())
        {
            folders.Add(row.Text(0));
        }

        return folders;
    }

    /// <summary>Forgets agents: their session is over.</summary>
    public void ForgetSession(string main)
    {
        _file.Statement("DELETE FROM contents WHERE agent IN (SELECT agent FROM agents WHERE main = ?)").Bind(main).Run();
        _file.Statement("DELETE FROM notices WHERE agent IN (SELECT agent FROM agents WHERE main = ?)").Bind(main).Run();
        _file.Statement("DELETE FROM rescues WHERE agent IN (SELECT agent FROM agents WHERE main = ?)").Bind(main).Run();
        _file.Statement("DELETE FROM refusals WHERE agent IN (SELECT agent FROM agents WHERE main = ?)").Bind(main).Run();
        _file.Statement("DELETE FROM claims WHERE agent IN (SELECT agent FROM agents WHERE main = ?)").Bind(main).Run();
        _file.Statement("DELETE FROM places WHERE main = ?").Bind(main).Run();
        _file.Statement("DELETE FROM agents WHERE main = ?").Bind(main).Run();
    }

    /// <summary>Forgets what is old; called once a session, since it looks at much.</summary>
    public void ForgetOld(long nowMs)
    {
        long before = nowMs - ForgottenAfterMs;
        _file.Statement("DELETE FROM contents WHERE agent IN (SELECT agent FROM agents WHERE seen_at < ?)").Bind(before).Run();
        _file.Statement("DELETE FROM agents WHERE seen_at < ?").Bind(before).Run();
        _file.Statement("DELETE FROM places WHERE at < ?").Bind(before).Run();
        _file.Statement("DELETE FROM writers WHERE at < ?").Bind(before).Run();
        _file.Statement("DELETE FROM notices WHERE at < ?").Bind(before).Run();
        _file.Statement("DELETE FROM rescues WHERE at < ?").Bind(before).Run();
        _file.Statement("DELETE FROM refusals WHERE at < ?").Bind(before).Run();
        _file.Statement("DELETE FROM leases WHERE since < ?").Bind(before).Run();
        _file.Statement("DELETE FROM claims WHERE at < ?").Bind(before).Run();
        _file.Statement("DELETE FROM calls WHERE at < ?").Bind(before).Run();
    }

    private static List<KnownAgent> ReadAgents(Statement row)
    {
        List<KnownAgent> agents = [];
        while (row.Step())
        {
            agents.Add(ReadAgent(row));
        }

        return agents;
    }

    private static KnownAgent ReadAgent(Statement row) => new(row.Text(0), row.Text(1), row.Long(2), row.Long(3));
}
