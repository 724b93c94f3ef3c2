namespace Klock.Kernel.Agents;

/// <summary>An agent that the store remembers, and its sessions that hold something.</summary>
public sealed class Agent
{
    private readonly Dictionary<string, Session> _open = new(1, StringComparer.Ordinal);
    private Session? _lastClosed;

    internal Agent(string id, ulong priority)
    {
        Id = id;
        Priority = priority;
    }

    /// <summary>Its name, 1 to 256 bytes of UTF-8.</summary>
    public string Id { get; }

    /// <summary>Its seniority: lower is older. Stable while any of its sessions holds anything.</summary>
    public ulong Priority { get; internal set; }

    internal bool IsIdle => _open.Count == 0;

    // Links of the directory's list of idle agents, least recently used first.
    internal Agent? NextIdle { get; set; }

    internal Agent? PreviousIdle { get; set; }

    internal bool IsInIdleList { get; set; }

    /// <summary>The session of this name: the open one, or one that holds nothing yet.</summary>
    internal Session SessionOf(string sessionId)
    {
        if (_open.TryGetValue(sessionId, out Session? session))
        {
            return session;
        }

        // One closed session is kept, so that an agent that takes and releases one lease at a time makes no garbage.
        return _lastClosed is not null && string.Equals(_lastClosed.Id, sessionId, StringComparison.Ordinal)
            ? _lastClosed
            : new Session(this, sessionId);
    }

    internal void Open(Session session) => _open.Add(session.Id, session);

    internal void Close(Session session)
    {
        _open.Remove(session.Id);
        _lastClosed = session;
    }
}
