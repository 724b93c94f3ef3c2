using Klock.Kernel.Claims;
using Klock.Kernel.Tree;

namespace Klock.Kernel.Conflicts;

/// <summary>Whether a session itself blocks queued requests: by what it holds, or has queued ahead of them (KLIS-8).</summary>
internal sealed class Reentrance(ResourceTree held, ResourceTree queued)
{
    private readonly BlockFinder _finder = new();

    /// <summary>Whether it blocks this one.</summary>
    public bool Blocks(Session session, Waiter waiter)
    {
        _finder.Begin(session, waiter.Number);
        foreach (WaitClaim claim in waiter.Claims)
        {
            if (!held.VisitConflicts(claim.Resource, claim.Strength, _finder)
                || !queued.VisitConflicts(claim.Resource, claim.Strength, _finder))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it blocks all claims of a line that have a lower number, its own aside.</summary>
    public bool Blocks(Session session, Line line, long before)
    {
        // What it holds blocks either all of them or none.
        _finder.Begin(session, before);
        if (!held.VisitConflicts(line.Oldest!.Resource, line.Strength, _finder))
        {
            return true;
        }

        for (Claim? claim = line.FirstOlderThan(null); claim is not null; claim = line.FirstOlderThan(null, claim.Place + 1))
        {
            if (claim.Number < before && claim.Session != session && !Blocks(session, ((WaitClaim)claim).Waiter))
            {
                return false;
            }
        }

        return true;
    }

    private sealed class BlockFinder : IClaimVisitor
    {
        private Session? _session;
        private long _before;

        public void Begin(Session session, long before)
        {
            _session = session;
            _before = before;
        }

        public bool Visit(Claim claim)
        {
            bool blocks = claim.Session == _session && (claim is not WaitClaim || claim.Number < _before);
            return !blocks;
        }

        public bool VisitLine(Line line)
        {
            if (line.CountOf(_session!) == 0)
            {
                return true;
            }

            foreach (Waiter waiter in line.Oldest is Lease ? [] : _session!.Waiters)
            {
                if (waiter.IsQueued && waiter.Number < _before && waiter.Claims.Any(line.Has))
                {
                    return false;
                }
            }

            return line.Oldest is not Lease;
        }
    }
}
