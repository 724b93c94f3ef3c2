using Klock.Kernel.Claims;

namespace Klock.Kernel;

/// <summary>What a session asks for: one lease, or several at once of which it gets all or none (KLIS-9).</summary>
/// <remarks>Its strings are within the limits: the boundary has checked them.</remarks>
public readonly record struct AcquireRequest
{
    /// <summary>The agent that asks.</summary>
    public required string AgentId { get; init; }

    /// <summary>The session that will hold the leases.</summary>
    public required string SessionId { get; init; }

    /// <summary>The leases, at least one. Not changed by anybody once the request is made.</summary>
    public required WantedLease[] Wanted { get; init; }

    /// <summary>How long a lease lasts unless renewed, in ms.</summary>
    public required long TtlMs { get; init; }

    /// <summary>Why, in the agent's words.</summary>
    public string? Note { get; init; }

    /// <summary>An idempotency key of the agent's choice: a request repeated with it gets the leases it already got.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// The process whose end ends the leases (<see cref="LeaseTable.EndBound"/>): 128 random bits of its own, or none: they last until
    /// they are released or expire.
    /// </summary>
    public LeaseId BoundTo { get; init; }

    /// <summary>Whether and how long to wait; null to be answered at once.</summary>
    public WaitTerms? Wait { get; init; }
}

/// <summary>How a request waits (KLIS-8).</summary>
/// <param name="WaitId">The name of the wait: 128 fresh random bits.</param>
/// <param name="OwnerId">The name of the process that waits: 128 random bits of its own.</param>
/// <param name="WaitMs">How long at the most, in ms; at least 1.</param>
public readonly record struct WaitTerms(LeaseId WaitId, LeaseId OwnerId, long WaitMs);
