using Klock.Agents.Events;

namespace Klock.Agents.Policy;

/// <summary>An agent that does something, and what it is decided with.</summary>
internal record Caller
{
    /// <summary>What happened.</summary>
    public required AgentEvent Happened { get; init; }

    /// <summary>The stores.</summary>
    public required Places Places { get; init; }

    /// <summary>The client's process; 0 where it is not known.</summary>
    public required int Process { get; init; }

    /// <summary>When that started, so that another process that got its number is not mistaken for it.</summary>
    public required long ProcessStarted { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Who is meant: the agent id, and the session id of its leases.</summary>
    public string Agent => Happened.AgentId;

    /// <summary>The time, in ms since 1970.</summary>
    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
