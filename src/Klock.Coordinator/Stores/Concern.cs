using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Stores;

/// <summary>The part of the state that a command needs, when that is small: a store need not load more to run it.</summary>
/// <remarks>All leases that can meet what it asks for, that its request id got before, or that it names.</remarks>
public sealed class Concern
{
    /// <summary>The lease that it names; null for none.</summary>
    public LeaseId? Lease { get; init; }

    /// <summary>The agent that asks; null where that does not matter.</summary>
    public string? AgentId { get; init; }

    /// <summary>The session that asks; null where that does not matter.</summary>
    public string? SessionId { get; init; }

    /// <summary>The request's idempotency key; null for none.</summary>
    public string? RequestId { get; init; }

    /// <summary>What it asks for.</summary>
    public IReadOnlyList<Intent> Intents { get; init; } = [];

    /// <summary>Whether it waits when it is not granted: then it concerns all waiting requests.</summary>
    public bool MayWait { get; init; }
}
