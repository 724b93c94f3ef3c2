namespace Klock.Kernel.Claims;

/// <summary>One lease that a waiting request asks for, in its place in the tree of those who wait.</summary>
public sealed class WaitClaim : Claim
{
    internal WaitClaim(Waiter waiter, in WantedLease wanted)
        : base(waiter.Session, wanted.Resource, wanted.Predicate)
    {
        Waiter = waiter;
        LeaseId = wanted.LeaseId;
    }

    /// <summary>The request it is part of.</summary>
    public Waiter Waiter { get; internal set; }

    internal LeaseId LeaseId { get; }

    internal WantedLease Wanted => new(LeaseId, Resource, Predicate);

    /// <summary>The lease that it was granted; null before, and when it ended otherwise.</summary>
    internal Lease? Became { get; set; }

    internal override long Number => Waiter.Number;

    internal override WatchList? Watchers { get; set; }
}
