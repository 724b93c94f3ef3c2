using Klock.Kernel.Claims;
using Klock.Kernel.Tree;

namespace Klock.Kernel.Conflicts;

/// <summary>Finds whether anybody is in a parked request's way, and whether anybody older is: then it stays parked.</summary>
internal sealed class ElderFinder(ResourceTree held, ResourceTree queued) : IClaimVisitor
{
    private Session? _than;

    /// <summary>A claim in the way: an older session's, if there is one, else the oldest session's; null when nothing is.</summary>
    public Claim? Oldest { get; private set; }

    /// <summary>Whether that is older than the request.</summary>
    public bool IsElder => Oldest is not null && Oldest.Session.CompareSeniority(_than!) < 0;

    /// <summary>Examines all that is in the way of a request.</summary>
    public void Look(Waiter waiter)
    {
        Begin(waiter.Session);
        for (int i = 0; i < waiter.Claims.Count && !IsElder; i++)
        {
            Look(waiter.Claims[i]);
        }
    }

    /// <summary>Examines what is in the way of every claim of a parked line.</summary>
    public void Look(Line line)
    {
        Claim any = line.Oldest!;
        Begin(any.Session);
        Look(any);
    }

    public bool Visit(Claim claim)
    {
        if (Oldest is null || claim.Session.CompareSeniority(Oldest.Session) < 0)
        {
            Oldest = claim;
        }

        return !IsElder;
    }

    public bool VisitLine(Line line) => Visit(line.Oldest!);

    private void Begin(Session than)
    {
        _than = than;
        Oldest = null;
    }

    // Queued claims stay in the way for longer.
    private void Look(Claim claim)
    {
        if (queued.VisitConflicts(claim.Resource, claim.Strength, this))
        {
            held.VisitConflicts(claim.Resource, claim.Strength, this);
        }
    }
}
