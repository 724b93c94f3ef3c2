using System.Collections.Concurrent;
using Klock.Agents.Calling;
using Klock.Agents.Claims;
using Klock.Coordinator.Ids;

namespace Klock.Server.Mcp;

/// <summary>Who is behind the sessions of MCP over HTTP, and behind requests without any; ends their claims when they are over.</summary>
internal sealed class HttpConnections : IDisposable
{
    /// <summary>After so long without a request the claims of an agent without a session end.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    /// <summary>How many agents without a session may have claims.</summary>
    public const int MostWithoutSession = 1_000;

    private const int DistinctionDigits = 12;

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(15);

    private readonly ClaimBook _book;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, AgentName> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _lastHeard = new(StringComparer.Ordinal);
    private readonly ITimer _timer;

    /// <param name="book">The claims.</param>
    /// <param name="time">The clock.</param>
    public HttpConnections(ClaimBook book, TimeProvider time)
    {
        (_book, _time) = (book, time);
        _timer = time.CreateTimer(_ => EndIdle(), null, _look, _look);
    }

    /// <summary>The agent of a session that names none: the session's own id would let others take it over.</summary>
    public AgentName OfSession(string session, string? clientName) =>
        _sessions.GetOrAdd(session, _ => McpIdentity.Made(clientName, KernelRandom.Shared.Next().ToString()[..DistinctionDigits]));

    /// <summary>An agent without a session was heard of. Returns whether there is room for it.</summary>
    /// <param name="connection">Its connection.</param>
    /// <param name="isNew">Whether it may get claims by what it does: else it takes up no room.</param>
    public bool Hear(string connection, bool isNew)
    {
        if (!_lastHeard.ContainsKey(connection) && (!isNew || _lastHeard.Count >= MostWithoutSession))
        {
            return !isNew;
        }

        _lastHeard[connection] = _time.GetTimestamp();
        return true;
    }

    /// <summary>A session is over.</summary>
    public void End(string session)
    {
        _sessions.TryRemove(session, out _);
        _book.EndConnection(session);
    }

    /// <summary>Stops looking.</summary>
    public void Dispose() => _timer.Dispose();

    private void EndIdle()
    {
        foreach ((string connection, long heardAt) in _lastHeard)
        {
            if (_time.GetElapsedTime(heardAt) >= Idle && _lastHeard.TryRemove(new KeyValuePair<string, long>(connection, heardAt)))
            {
                _book.EndConnection(connection);
            }
        }
    }
}
