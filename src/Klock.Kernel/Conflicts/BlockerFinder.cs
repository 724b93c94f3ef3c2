using Klock.Kernel.Claims;
using Klock.Kernel.Tree;

namespace Klock.Kernel.Conflicts;

/// <summary>Finds one claim that blocks a queued request for as long as it stands; if there is none, the request may be granted.</summary>
/// <remarks>
/// Of the requests queued ahead on a name the last is the best choice, since it ends last: then a queue behind one lease is judged one by
/// one. A claim that the request's own session blocks does not count, since it may be passed when no other is left. And no session
/// comes to block a request that it did not block when that was queued.
/// </remarks>
internal sealed class BlockerFinder(ResourceTree held, ResourceTree queued) : IClaimVisitor
{
    private readonly Reentrance _reentrance = new(held, queued);
    private Session? _session;
    private long _before;
    private bool _mayPass;
    private Claim? _found;

    public Claim? Find(Waiter waiter)
    {
        _session = waiter.Session;
        _before = waiter.Number;
        _mayPass = _session.HasMoreThan(waiter);
        _found = null;
        return FindIn(queued, waiter) ?? FindIn(held, waiter);
    }

    public bool Visit(Claim claim)
    {
        bool blocks = claim.Session != _session
            && (claim is not WaitClaim waiting || (waiting.Number < _before && !MayBePassed(waiting)));
        _found = blocks ? claim : null;
        return !blocks;
    }

    public bool VisitLine(Line line)
    {
        long before = line.Oldest is Lease ? long.MaxValue : _before;
        for (Claim? claim = line.LastBefore(before); claim is not null; claim = line.LastBefore(claim.Number))
        {
            if (!Visit(claim))
            {
                return false;
            }
        }

        return true;
    }

    private Claim? FindIn(ResourceTree tree, Waiter waiter)
    {
        for (int i = 0; i < waiter.Claims.Count && _found is null; i++)
        {
            tree.VisitConflicts(waiter.Claims[i].Resource, waiter.Claims[i].Strength, this);
        }

        return _found;
    }

    private bool MayBePassed(WaitClaim waiting) => _mayPass && _reentrance.Blocks(_session!, waiting.Waiter);
}
