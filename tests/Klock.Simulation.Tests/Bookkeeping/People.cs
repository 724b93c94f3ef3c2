namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>All agents and sessions of a run. Commands speak of them, so a replay of the commands must have the same ones.</summary>
internal sealed class People
{
    private readonly Dictionary<(string Agent, string Session), BookSession> _sessions = [];
    private readonly Dictionary<string, BookAgent> _agents = new(StringComparer.Ordinal);

    public IEnumerable<BookAgent> Agents => _agents.Values;

    public BookSession SessionOf(string agentId, string sessionId)
    {
        if (!_sessions.TryGetValue((agentId, sessionId), out BookSession? session))
        {
            session = new BookSession(AgentOf(agentId), sessionId);
            _sessions.Add((agentId, sessionId), session);
        }

        return session;
    }

    public BookAgent AgentOf(string agentId)
    {
        if (!_agents.TryGetValue(agentId, out BookAgent? agent))
        {
            _agents.Add(agentId, agent = new BookAgent(agentId));
        }

        return agent;
    }

    /// <summary>Nobody is registered or senior any more.</summary>
    public void ForgetAll()
    {
        foreach (BookAgent agent in _agents.Values)
        {
            agent.Priority = null;
        }

        foreach (BookSession session in _sessions.Values)
        {
            session.SeniorSince = null;
        }
    }
}
