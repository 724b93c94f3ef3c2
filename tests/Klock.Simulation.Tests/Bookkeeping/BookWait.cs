using Klock.Kernel.Claims;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>A request that waits, in the books.</summary>
internal sealed class BookWait
{
    public required LeaseId Id { get; init; }

    public required Asked Asked { get; set; }

    public required BookOwner Owner { get; init; }

    public required long DeadlineMs { get; init; }

    /// <summary>The lease that it is to change; null when it asks for new ones.</summary>
    public BookLease? Changes { get; init; }

    public required bool IsQueued { get; set; }

    /// <summary>When it arrived, in the queue or at the parking place: the number of that event.</summary>
    public required long Number { get; set; }

    /// <summary>The earlier wait of the same request whose place it shares; null when it has its own.</summary>
    public BookWait? Joins { get; set; }

    /// <summary>Until when its session's renewal keeps it.</summary>
    public long KeptUntilMs { get; set; }

    /// <summary>From then on nobody is known to be there who waits.</summary>
    public long AliveUntilMs => Math.Max(KeptUntilMs, Owner.AliveUntilMs);

    /// <summary>How many of its leases it has been given; once it has one, it must get the others before anything else happens.</summary>
    public int Given { get; set; }

    /// <summary>How many conflicting grants to other sessions have passed it while it was parked.</summary>
    public int Passes { get; set; }

    public BookSession Session => Asked.Session;

    public override string ToString() =>
        $"{(IsQueued ? "queued" : "parked")} {Number}: {Asked}{(Session.SeniorSince is { } since ? $", senior since {since}" : "")}";
}

/// <summary>A process that waits, in the books.</summary>
internal sealed class BookOwner(LeaseId id)
{
    public LeaseId Id { get; } = id;

    /// <summary>Until when it counts as alive.</summary>
    public long AliveUntilMs { get; set; }
}
