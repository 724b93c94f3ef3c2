using Klock.Kernel.Claims;
using Klock.Kernel.Waits;

namespace Klock.Kernel.Events;

/// <summary>What an event about a wait tells of it.</summary>
public sealed class WaitFacts
{
    private int _wantedCount;

    /// <summary>
    /// Which wait. KeptAlive: the one whose session was renewed; none when its process gave a sign of life for all its waits.
    /// </summary>
    public LeaseId Id { get; init; }

    /// <summary>Every kind but WaitEnded: the process that waits.</summary>
    public LeaseId OwnerId { get; init; }

    /// <summary>Queued, Parked, Promoted: all that it asks for.</summary>
    public WantedLease[]? Wanted { get; init; }

    /// <summary>Queued, Parked, Promoted: how many leases it asks for.</summary>
    public int WantedCount => Wanted?.Length ?? _wantedCount;

    /// <summary>Queued: whether it waits to change the lease it names, rather than for a new one.</summary>
    public bool ChangesLease { get; init; }

    /// <summary>Queued, Parked, Promoted: when its time is up.</summary>
    public long DeadlineMs { get; init; }

    /// <summary>Queued, Parked: whether it shares the place of an earlier wait of the same request.</summary>
    public bool IsJoined { get; init; }

    /// <summary>WaitEnded: the wait that shared its place and has it from now on; none when the place is gone.</summary>
    public LeaseId Successor { get; init; }

    /// <summary>WaitEnded: how.</summary>
    public WaitOutcome Outcome { get; init; }

    /// <summary>The same without what it asks for but the number: for who shows what happened, and does not follow it.</summary>
    public WaitFacts WithoutWanted() => new()
    {
        Id = Id, OwnerId = OwnerId, _wantedCount = WantedCount, ChangesLease = ChangesLease, DeadlineMs = DeadlineMs, Outcome = Outcome,
        IsJoined = IsJoined, Successor = Successor,
    };
}
