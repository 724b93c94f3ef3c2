using Klock.Kernel.Conflicts;

namespace Klock.Kernel.Waits;

/// <summary>One lease that a waiting request asks for, in its place in the tree of those who wait.</summary>
public sealed class WaitClaim : Claim
{
    internal WaitClaim(Waiter waiter, in WantedLease wanted)
        : base(waiter.Session, wanted.Resource, wanted.Predicate)
    {
        Waiter = waiter;
        Wanted = wanted;
    }

    /// <summary>The request it is part of.</summary>
    public Waiter Waiter { get; }

    internal WantedLease Wanted { get; }

    internal override long Number => Waiter.Number;
}
