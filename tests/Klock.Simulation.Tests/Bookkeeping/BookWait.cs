using Klock.Kernel.Leases;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>A request that waits, in the books.</summary>
internal sealed class BookWait
{
    public required LeaseId Id { get; init; }

    public required Asked Asked { get; init; }

    public required BookOwner Owner { get; init; }

    public required long DeadlineMs { get; init; }

    /// <summary>The lease that it is to change; null when it asks for new ones.</summary>
    public BookLease? Changes { get; init; }

    public required bool IsQueued { get; set; }

    /// <summary>When it arrived, in the queue or at the parking place: the number of that event.</summary>
    public required long Number { get; set; }

    /// <summary>How many of its leases it has been given; once it has one, it must get the others before anything else happens.</summary>
    public int Given { get; set; }

    public BookSession Session => Asked.Session;

    public override string ToString() => $"{(IsQueued ? "queued" : "parked")} {Number}: {Asked}";
}

/// <summary>A process that waits, in the books.</summary>
internal sealed class BookOwner(LeaseId id)
{
    public LeaseId Id { get; } = id;

    /// <summary>Until when it counts as alive.</summary>
    public long AliveUntilMs { get; set; }
}
