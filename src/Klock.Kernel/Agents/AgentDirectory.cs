namespace Klock.Kernel.Agents;

/// <summary>Every agent that is remembered, and which of the idle ones would be forgotten first.</summary>
internal sealed class AgentDirectory
{
    private readonly Dictionary<string, Agent> _agents = new(StringComparer.Ordinal);
    private Agent? _leastRecentlyUsed;
    private Agent? _mostRecentlyUsed;

    public int Count => _agents.Count;

    public IEnumerable<Agent> All => _agents.Values;

    /// <summary>The idle agent to forget when there are too many; null when every agent holds something.</summary>
    public Agent? FirstToForget => _leastRecentlyUsed;

    public Agent? Find(string agentId) => _agents.GetValueOrDefault(agentId);

    public Agent Add(string agentId, ulong priority)
    {
        var agent = new Agent(agentId, priority);
        _agents.Add(agentId, agent);
        Touch(agent);
        return agent;
    }

    public void Remove(Agent agent)
    {
        Unlink(agent);
        _agents.Remove(agent.Id);
    }

    /// <summary>Takes note that an agent did something: an idle one goes to the end of the line, a busy one leaves it.</summary>
    public void Touch(Agent agent)
    {
        Unlink(agent);
        if (!agent.IsIdle)
        {
            return;
        }

        agent.IsInIdleList = true;
        agent.PreviousIdle = _mostRecentlyUsed;
        _mostRecentlyUsed?.NextIdle = agent;
        _mostRecentlyUsed = agent;
        _leastRecentlyUsed ??= agent;
    }

    private void Unlink(Agent agent)
    {
        if (!agent.IsInIdleList)
        {
            return;
        }

        agent.NextIdle?.PreviousIdle = agent.PreviousIdle;
        agent.PreviousIdle?.NextIdle = agent.NextIdle;
        _leastRecentlyUsed = _leastRecentlyUsed == agent ? agent.NextIdle : _leastRecentlyUsed;
        _mostRecentlyUsed = _mostRecentlyUsed == agent ? agent.PreviousIdle : _mostRecentlyUsed;
        agent.NextIdle = agent.PreviousIdle = null;
        agent.IsInIdleList = false;
    }
}
