using Klock.Kernel.Claims;
using Klock.Kernel.Tree;

namespace Klock.Kernel.Conflicts;

/// <summary>A session never conflicts with itself (KLIS-7), nor with those whom it blocks itself (KLIS-8).</summary>
/// <remarks>
/// Those who queue only because this very session is in their way, by what it holds or has queued ahead, are passed; but only when every
/// intent can then be granted at once. Were they passed intent by intent, a young session could end up waiting for an old one. Of a
/// request that is queued already <see cref="BlockerFinder"/> decides the same.
/// </remarks>
internal sealed class Reentrance(ResourceTree held, ResourceTree queued)
{
    private readonly BlockFinder _finder = new();

    /// <summary>Whether a claim is the session's own.</summary>
    public static bool IsOwn(Claim claim, Session session) => claim.Session == session;

    /// <summary>
    /// Whether a request passes all that is in its way: it can then be granted at once, every intent of it. It passes nothing that is held,
    /// and of those who queue only whom its own session blocks.
    /// </summary>
    /// <param name="session">Whose request it is.</param>
    /// <param name="onlyWaiters">Whether nothing that is held is in the way of any intent.</param>
    /// <param name="waiters">Those who queue in the way of any intent.</param>
    /// <param name="lines">And whole lines of them.</param>
    /// <param name="before">Of the lines, those who queued before this number.</param>
    public bool PassesAll(Session session, bool onlyWaiters, List<Waiter> waiters, List<Line> lines, long before) =>
        onlyWaiters && session.HoldsOrQueues && waiters.TrueForAll(waiter => Blocks(session, waiter))
        && lines.TrueForAll(line => Blocks(session, line, before));

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
    private bool Blocks(Session session, Line line, long before)
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
            bool blocks = IsOwn(claim, _session!) && (claim is not WaitClaim || claim.Number < _before);
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
