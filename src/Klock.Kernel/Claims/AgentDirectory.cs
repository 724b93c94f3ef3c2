namespace Klock.Kernel.Claims;

/// <summary>Every agent that is remembered, and which of the idle ones would be forgotten first.</summary>
internal sealed class AgentDirectory
{
    private readonly Dictionary<string, Agent> _agents = new(StringComparer.Ordinal);
    private Agent? _lastFound;
    private Agent? _leastRecentlyUsed;
    private Agent? _mostRecentlyUsed;

    public int Count => _agents.Count;

    public IEnumerable<Agent> All => _agents.Values;

    /// <summary>The idle agents, the least recently used first.</summary>
    public IEnumerable<Agent> Idle
    {
        get
        {
            for (Agent? agent = _leastRecentlyUsed; agent is not null; agent = agent.NextIdle)
            {
                yield return agent;
            }
        }
    }

    /// <summary>The idle agent to forget when there are too many; null when every agent holds something.</summary>
    public Agent? FirstToForget => _leastRecentlyUsed;

    public Agent? Find(string agentId)
    {
        // The agent that asks is often the one that asked last: comparing is quicker than hashing.
        if (_lastFound is { } last && string.Equals(last.Id, agentId, StringComparison.Ordinal))
        {
            return last;
        }

        if (_agents.TryGetValue(agentId, out Agent? found))
        {
            _lastFound = found;
        }

        return found;
    }

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
        _lastFound = null;
    }

    /// <summary>Records that an agent did something: an idle one becomes the most recently used, a busy one leaves the list.</summary>
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

    /// <summary>Reverses the last <see cref="Touch"/>.</summary>
    /// <param name="agent">Of this agent.</param>
    /// <param name="wasInList">Whether it was idle before.</param>
    /// <param name="lessRecent">The agent that came before it in the list; null when it was the first.</param>
    public void PutBack(Agent agent, bool wasInList, Agent? lessRecent)
    {
        Unlink(agent);
        if (!wasInList)
        {
            return;
        }

        agent.IsInIdleList = true;
        agent.PreviousIdle = lessRecent;
        agent.NextIdle = lessRecent is null ? _leastRecentlyUsed : lessRecent.NextIdle;
        agent.NextIdle?.PreviousIdle = agent;
        lessRecent?.NextIdle = agent;
        _leastRecentlyUsed = lessRecent is null ? agent : _leastRecentlyUsed;
        _mostRecentlyUsed = agent.NextIdle is null ? agent : _mostRecentlyUsed;
    }

    /// <summary>Reverses the last <see cref="Remove"/>.</summary>
    public void PutBack(Agent agent, Agent? lessRecent)
    {
        _agents.Add(agent.Id, agent);
        PutBack(agent, wasInList: true, lessRecent);
    }

    private void Unlink(Agent agent)
    {
        if (!agent.IsInIdleList)
        {
            return;
        }

        agent.NextIdle?.PreviousIdle = agent.PreviousIdle;
        agent.PreviousIdle?.NextIdle = agent.NextIdle;
        if (_leastRecentlyUsed == agent)
        {
            _leastRecentlyUsed = agent.NextIdle;
        }

        if (_mostRecentlyUsed == agent)
        {
            _mostRecentlyUsed = agent.PreviousIdle;
        }

        agent.NextIdle = agent.PreviousIdle = null;
        agent.IsInIdleList = false;
    }
}
