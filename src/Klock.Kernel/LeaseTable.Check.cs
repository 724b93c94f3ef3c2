using Klock.Kernel.Claims;
using Klock.Kernel.Invariants;
using Klock.Kernel.Predicates;

namespace Klock.Kernel;

/// <summary>
/// A look at the whole state: what tests ask for after every step, and no program does, since it costs as much as all that is held.
/// </summary>
public sealed partial class LeaseTable
{
    /// <summary>Looks whether all parts of the state agree.</summary>
    /// <param name="leads">Whether this table decides, so that nobody is left to be judged; one that follows judges later.</param>
    /// <exception cref="BrokenInvariantException">They do not.</exception>
    internal void CheckAll(bool leads)
    {
        Invariant.Require(!leads || !_due.Any || HasMoreToFree, "nobody is left to be judged after a command");
        Invariant.Require(_leases.Count == _held.ClaimCount, "what is held stands in the tree");
        _leaseExpiries.CheckAll();
        _waitExpiries.CheckAll();
        _ownerExpiries.CheckAll();
        Invariant.Require(_leases.Count == _leaseExpiries.Count && _waiters.Count == _waitExpiries.Count, "everything ends some time");
        foreach (Lease lease in _leases.Values)
        {
            Invariant.Require(lease.State == LeaseState.Active, "what is held is active");
            CheckClaim(lease);
        }

        foreach (Waiter waiter in _waiters.Values)
        {
            CheckWaiter(waiter);
        }

        Invariant.Require(_owners.Values.Sum(owner => owner.Waiters.Count()) == _waiters.Count, "each wait is one of its process");
        CheckBound();
        CheckWatchers();
        HashSet<Session> sessions = [.. _leases.Values.Select(lease => lease.Session), .. _waiters.Values.Select(waiter => waiter.Session)];
        foreach (Session session in sessions)
        {
            CheckSession(session);
        }
    }

    private static void CheckClaim(Claim claim)
    {
        ResourceNode? node = claim.Node;
        Invariant.Require(node is not null, "a claim stands on a name");
        Invariant.Require(claim.NextOnNode is null || claim.NextOnNode.PreviousOnNode == claim, "claims on a name are linked both ways");
        Claim? linked = claim.PreviousOnNode is null ? node.FirstClaim : claim.PreviousOnNode.NextOnNode;
        Invariant.Require(linked == claim, "and from the first");
        if (node.Crowd is not { } crowd)
        {
            Invariant.Require(claim.Place < 0, "few claims stand in no line");
            return;
        }

        Line line = crowd.LineOf(claim);
        Invariant.Require(line.Has(claim) && line[claim.Place] == claim, "a claim stands in the line of its kind");
        if (node.FirstClaim == claim)
        {
            CheckCrowd(node, crowd);
        }
    }

    // As a tournament says, so it must be when all are asked.
    private static void CheckCrowd(ResourceNode node, Crowd crowd)
    {
        List<Claim> all = [];
        for (Claim? claim = node.FirstClaim; claim is not null; claim = claim.NextOnNode)
        {
            all.Add(claim);
        }

        all.Reverse();

        foreach (IGrouping<Line, Claim> group in all.GroupBy(crowd.LineOf))
        {
            (Line line, Claim[] claims) = (group.Key, [.. group]);
            Invariant.Require(line.Count == claims.Length, "a line has all that it counts");
            Session oldest = line.Oldest!.Session;
            Invariant.Require(Array.TrueForAll(claims, claim => claim.Session.CompareSeniority(oldest) >= 0), "the oldest of a line is");
            int before = 0;
            for (int i = 0; i < claims.Length; i++)
            {
                before = i > 0 && claims[i - 1].Number < claims[i].Number ? i : before;
                Invariant.Require(i == 0 || claims[i - 1].Place < claims[i].Place, "a line is in order");
                Invariant.Require(line.CountBefore(claims[i].Number) == before, "a line counts those before a number");
            }

            foreach (IGrouping<Session, Claim> own in claims.GroupBy(claim => claim.Session))
            {
                Invariant.Require(line.CountOf(own.Key) == own.Count(), "a line counts what each session has");
            }
        }
    }

    private void CheckWaiter(Waiter waiter)
    {
        Invariant.Require(_owners.GetValueOrDefault(waiter.Owner.Id) == waiter.Owner, "a wait's process is watched");
        if (waiter.Joins is { } place)
        {
            // What it gets is known, and it is answered next, when the place is gone.
            bool shares = place.HasEnded ? waiter.NotedAt >= 0
                : place.JoinedBy!.Contains(waiter) && (place.IsQueued, place.Session) == (waiter.IsQueued, waiter.Session);
            Invariant.Require(shares && waiter.Watches is null, "who shares a place is known there");
            return;
        }

        foreach (WaitClaim claim in waiter.Claims)
        {
            CheckClaim(claim);
        }

        if (waiter.NotedAt >= 0)
        {
            return;
        }

        if (waiter.IsQueued)
        {
            Invariant.Require(waiter.Watches is not null, "who is queued watches what blocks it");
            return;
        }

        Claim? elder = waiter.Elder.Standing;
        Invariant.Require(elder is null || waiter.Claims.Any(claim => IsElder(elder, claim)), "an elder in the way is one");
        Invariant.Require(elder is not null || waiter.Claims.Any(IsKeptInLine), "who is parked has an elder in its way");
    }

    private static bool IsKeptInLine(WaitClaim parked) =>
        LineOf(parked) is { } line && (line.IsNoted || (line.Elder.Standing is { } elder && IsElder(elder, parked)));

    private static bool IsElder(Claim elder, WaitClaim parked) =>
        elder.Session.CompareSeniority(parked.Session) < 0 && Clash(elder, parked);

    private void CheckBound()
    {
        foreach (LeaseId process in _bound.Processes)
        {
            List<Lease> leases = _bound.LeasesOf(process);
            List<Waiter> waiters = _bound.WaitersOf(process);
            Invariant.Require(leases.Count + waiters.Count > 0, "a process that has nothing is forgotten");
            Invariant.Require(leases.TrueForAll(lease => lease.BoundTo == process && _leases.GetValueOrDefault(lease.Id) == lease)
                && waiters.TrueForAll(waiter => waiter.BoundTo == process && _waiters.GetValueOrDefault(waiter.Id) == waiter),
                "what a process has is bound to it");
        }

        int bound = _leases.Values.Count(lease => lease.BoundTo != default) + _waiters.Values.Count(waiter => waiter.BoundTo != default);
        int known = _bound.Processes.Sum(process => _bound.LeasesOf(process).Count + _bound.WaitersOf(process).Count);
        Invariant.Require(bound == known, "all that is bound is known with its process");
    }

    private void CheckWatchers()
    {
        int watching = 0;
        foreach (Claim claim in _leases.Values.Concat<Claim>(_waiters.Values.SelectMany(waiter => waiter.Claims)))
        {
            for (Waiter? waiter = claim.Watchers?.First; waiter is not null; waiter = waiter.NextWatcher)
            {
                watching++;
                bool blocks = waiter.Watches == claim.Watchers && claim.Session != waiter.Session
                    && (claim is Lease || (((WaitClaim)claim).Waiter.IsQueued && claim.Number < waiter.Number))
                    && waiter.Claims.Any(own => Clash(own, claim));
                Invariant.Require(blocks, "what is watched blocks whoever watches it");
            }
        }

        Invariant.Require(watching == _waiters.Values.Count(waiter => waiter.Watches is not null), "who watches stands in a list");
    }

    private void CheckSession(Session session)
    {
        int queued = session.Waiters.Count(waiter => waiter.IsQueued);
        Invariant.Require(session.Queues == queued > 0, "a session counts what it queues");
        Invariant.Require(session.Waiters.All(waiter => _waiters.GetValueOrDefault(waiter.Id) == waiter), "a session's waits wait");
        Invariant.Require(session.Waiters.All(waiter => waiter.IsQueued) || !session.HoldsOrQueues, "who holds or queues parks nothing");
        for (Lease? lease = session.FirstLease; lease is not null; lease = lease.NextInSession)
        {
            Invariant.Require(_leases.GetValueOrDefault(lease.Id) == lease, "a session's leases are held");
            Invariant.Require(lease.NextInSession is null || lease.NextInSession.PreviousInSession == lease, "and linked both ways");
        }
    }

    private static bool Clash(Claim one, Claim other) =>
        Compatibility.StrengthsConflict(one.Strength, other.Strength) && one.Resource.Meets(other.Resource);
}
