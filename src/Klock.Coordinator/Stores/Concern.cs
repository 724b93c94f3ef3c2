using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Stores;

/// <summary>What a command is about, when that is little: a store need not have more of its state in memory to run it.</summary>
/// <remarks>All leases that can meet what it asks for, that its request named before, or that it names.</remarks>
public sealed class Concern
{
    /// <summary>The lease that it names; null for none.</summary>
    public LeaseId? Lease { get; init; }

    /// <summary>The agent that asks; null where that does not matter.</summary>
    public string? AgentId { get; init; }

    /// <summary>The session that asks; null where that does not matter.</summary>
    public string? SessionId { get; init; }

    /// <summary>The agent's name for the request; null for none.</summary>
    public string? RequestId { get; init; }

    /// <summary>What it asks for.</summary>
    public IReadOnlyList<Intent> Intents { get; init; } = [];

    /// <summary>Whether it waits when it is not granted: then it concerns all who wait.</summary>
    public bool MayWait { get; init; }
}
