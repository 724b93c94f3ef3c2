namespace Klock.Kernel.Claims;

/// <summary>An agent that the store remembers, and its sessions that hold something.</summary>
public sealed class Agent
{
    // Most agents have one session, so that one is a field. The field keeps it after it is closed, so that an agent that takes and
    // releases one lease at a time allocates nothing.
    private Session? _usual;
    private bool _usualIsOpen;
    private Dictionary<string, Session>? _others;

    internal Agent(string id, ulong priority)
    {
        Id = id;
        Priority = priority;
    }

    /// <summary>Its name, 1 to 256 bytes of UTF-8.</summary>
    public string Id { get; }

    /// <summary>Its seniority: lower is older. Stable while any of its sessions holds anything.</summary>
    public ulong Priority { get; internal set; }

    /// <summary>Seniority among agents: by priority, then by name in UTF-8 bytes. Negative when this one is the older.</summary>
    public int CompareSeniority(Agent other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Seniority.Compare(this, other);
    }

    /// <summary>The same, compared with an agent of this priority and name, which need not be there.</summary>
    public int CompareSeniority(ulong priority, string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Seniority.Compare(this, priority, id);
    }

    /// <summary>The sessions that hold or wait for something, in no particular order.</summary>
    internal IEnumerable<Session> OpenSessions =>
        Enumerable.Repeat(_usual!, _usualIsOpen ? 1 : 0).Concat(_others?.Values ?? Enumerable.Empty<Session>());

    internal bool IsIdle => !_usualIsOpen && _others is not { Count: > 0 };

    // Links of the directory's list of idle agents, least recently used first.
    internal Agent? NextIdle { get; set; }

    internal Agent? PreviousIdle { get; set; }

    internal bool IsInIdleList { get; set; }

    /// <summary>The session with this name: the open one, or a new one that holds nothing yet.</summary>
    internal Session SessionOf(string sessionId)
    {
        if (_usual is not null && string.Equals(_usual.Id, sessionId, StringComparison.Ordinal))
        {
            return _usual;
        }

        return _others?.GetValueOrDefault(sessionId) ?? new Session(this, sessionId);
    }

    internal void Open(Session session)
    {
        if (_usualIsOpen)
        {
            (_others ??= new Dictionary<string, Session>(StringComparer.Ordinal)).Add(session.Id, session);
            return;
        }

        _usual = session;
        _usualIsOpen = true;
    }

    internal void Close(Session session)
    {
        if (session == _usual)
        {
            _usualIsOpen = false;
        }
        else
        {
            _others!.Remove(session.Id);
        }
    }
}
