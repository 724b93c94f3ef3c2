using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel;

/// <summary>What an agent asks for when it acquires one lease. Its strings are within the limits: the boundary has checked them.</summary>
public readonly record struct LeaseRequest
{
    /// <summary>The agent that asks.</summary>
    public required string AgentId { get; init; }

    /// <summary>The session that will hold the lease.</summary>
    public required string SessionId { get; init; }

    /// <summary>What it is about to touch.</summary>
    public required Resource Resource { get; init; }

    /// <summary>What it will do with it.</summary>
    public required Predicate Predicate { get; init; }

    /// <summary>How long the lease lasts unless renewed, in ms.</summary>
    public required long TtlMs { get; init; }

    /// <summary>The name of the lease if it is granted: 128 fresh random bits.</summary>
    public required LeaseId LeaseId { get; init; }

    /// <summary>Why, in the agent's words.</summary>
    public string? Note { get; init; }

    /// <summary>The agent's name for this request: repeated, it gets the lease it already got.</summary>
    public string? RequestId { get; init; }
}
