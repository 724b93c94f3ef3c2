using Klock.Kernel.Claims;
using Klock.Kernel.Tree;

namespace Klock.Kernel.Conflicts;

/// <summary>Finds a lease of the same session, bound to another live process, that would conflict were it of another session.</summary>
internal sealed class SharerFinder : IClaimVisitor
{
    // A session may hold thousands of leases on one name: only so many are examined.
    private const int MostAsked = 64;

    private Lease? _lease;
    private SharedSessions? _sharing;
    private int _asked;
    private bool _isFound;

    /// <summary>Whether there is one that meets a lease that was just granted.</summary>
    public bool Find(ResourceTree held, Lease lease, SharedSessions sharing)
    {
        (_lease, _sharing, _asked, _isFound) = (lease, sharing, 0, false);
        held.VisitConflicts(lease.Resource, lease.Strength, this);
        return _isFound;
    }

    public bool Visit(Claim claim)
    {
        _isFound = claim is Lease other && other.Session == _lease!.Session && other.BoundTo != default && other.BoundTo != _lease.BoundTo
            && _sharing!.AreTwoLive(other.BoundTo, _lease.BoundTo);
        return !_isFound && ++_asked < MostAsked;
    }

    public bool VisitLine(Line line)
    {
        bool goesOn = true;
        for (Claim? claim = line.Oldest!.Node!.FirstClaim; claim is not null && goesOn; claim = claim.NextOnNode)
        {
            goesOn = Visit(claim);
        }

        return goesOn;
    }
}
