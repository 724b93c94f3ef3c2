using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Events;

/// <summary>One change of the state: what a store writes down, and all that a replica needs to follow it.</summary>
/// <remarks>Plain values, so that an event stays what it was when later commands change the lease it tells of.</remarks>
public readonly record struct Event
{
    /// <summary>Its number: rises by one with every event of a store.</summary>
    public required long Sequence { get; init; }

    /// <summary>What happened.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>When, in ms since 1970, UTC.</summary>
    public required long AtMs { get; init; }

    /// <summary>The agent it is about; every kind but Created has one.</summary>
    public string? AgentId { get; init; }

    /// <summary>Registered: the agent's priority.</summary>
    public ulong Priority { get; init; }

    /// <summary>Every kind that is about a lease: which.</summary>
    public LeaseId LeaseId { get; init; }

    /// <summary>Every kind that is about a lease: its fencing token.</summary>
    public long FencingToken { get; init; }

    /// <summary>Every kind that is about a lease: the session that holds or held it.</summary>
    public string? SessionId { get; init; }

    /// <summary>Every kind that is about a lease: on what.</summary>
    public Resource? Resource { get; init; }

    /// <summary>Every kind that is about a lease: to do what.</summary>
    public Predicate Predicate { get; init; }

    /// <summary>Granted: how long it lasts from its grant or renewal, in ms.</summary>
    public long TtlMs { get; init; }

    /// <summary>Granted, Renewed: when it is over unless renewed.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>Granted: the holder's words.</summary>
    public string? Note { get; init; }

    /// <summary>Granted: the holder's name for the request.</summary>
    public string? RequestId { get; init; }
}
