using Klock.Kernel.Claims;
using Klock.Kernel.Waits;

namespace Klock.Kernel.Events;

/// <summary>The particulars of a wait in an event about it.</summary>
public sealed class WaitFacts
{
    private int _wantedCount;

    /// <summary>
    /// Which wait. KeptAlive: the one whose session was renewed; none when its process sent a keep-alive for all its waits.
    /// </summary>
    public LeaseId Id { get; init; }

    /// <summary>Every kind but WaitEnded: the process that waits.</summary>
    public LeaseId OwnerId { get; init; }

    /// <summary>Queued, Parked, Promoted: all that it asks for.</summary>
    public WantedLease[]? Wanted { get; init; }

    /// <summary>Queued, Parked, Promoted: how many leases it asks for.</summary>
    public int WantedCount
    {
        get => Wanted?.Length ?? _wantedCount;
        init => _wantedCount = value;
    }

    /// <summary>Queued: whether it waits to change the lease it names, rather than for a new one.</summary>
    public bool ChangesLease { get; init; }

    /// <summary>Queued, Parked, Promoted: when its time is up.</summary>
    public long DeadlineMs { get; init; }

    /// <summary>Queued, Parked: whether it shares the place of an earlier wait of the same request.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Parked: how many grants have passed it. It begins with none: more has one that is loaded.</summary>
    public int Passes { get; init; }

    /// <summary>Parked: the number of the last grant that passed it; 0 for none.</summary>
    public long PassedBy { get; init; }

    /// <summary>WaitEnded: the wait that shared its place and has it from now on; none when the place is gone.</summary>
    public LeaseId Successor { get; init; }

    /// <summary>WaitEnded: how.</summary>
    public WaitOutcome Outcome { get; init; }

    /// <summary>The same with the number of leases it asks for, not the leases: enough to show what happened, not to replay it.</summary>
    public WaitFacts WithoutWanted() => new()
    {
        Id = Id, OwnerId = OwnerId, _wantedCount = WantedCount, ChangesLease = ChangesLease, DeadlineMs = DeadlineMs, Outcome = Outcome,
        IsJoined = IsJoined, Successor = Successor, Passes = Passes, PassedBy = PassedBy,
    };

    /// <summary>The same with a deadline that is moved; see <see cref="Event.Shifted"/>.</summary>
    internal WaitFacts Shifted(long byMs) => new()
    {
        Id = Id, OwnerId = OwnerId, Wanted = Wanted, _wantedCount = _wantedCount, ChangesLease = ChangesLease,
        DeadlineMs = Event.Moved(DeadlineMs, byMs), Outcome = Outcome, IsJoined = IsJoined, Successor = Successor,
        Passes = Passes, PassedBy = PassedBy,
    };
}
