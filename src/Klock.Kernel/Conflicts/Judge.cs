using Klock.Kernel.Agents;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Waits;

namespace Klock.Kernel.Conflicts;

/// <summary>Decides one request against all that is held and all who queue (KLIS-3, KLIS-5, KLIS-7, KLIS-8).</summary>
/// <remarks>
/// A request is judged as a whole. A session never conflicts with itself; and those who queue only because this very session
/// is in their way are passed, but only when every intent can then be granted at once. Were they passed intent by intent, a young
/// session could end up waiting for an old one.
/// </remarks>
internal sealed class Judge(ResourceTree held, ResourceTree queued)
{
    private readonly Collector _collector = new();
    private readonly BlockFinder _blockFinder = new();

    /// <summary>What is in the way; valid until the next request is judged.</summary>
    public ConflictSet Conflicts { get; } = new();

    /// <summary>Starts over for a request of this session.</summary>
    /// <param name="requester">Whose request it is.</param>
    /// <param name="before">Only those who queued before this number are in its way: its own place when it queues itself.</param>
    public void Begin(Session requester, long before = long.MaxValue)
    {
        Conflicts.Reset(requester);
        _collector.Begin(Conflicts, requester, before);
    }

    /// <summary>Adds what is in the way of one intent.</summary>
    public void Consider(Resource resource, Predicate predicate)
    {
        int strength = Compatibility.Strength(predicate);
        if (held.AnyConflictWith(resource, strength))
        {
            held.VisitConflicts(resource, strength, _collector);
        }

        if (queued.ClaimCount > 0 && queued.AnyConflictWith(resource, strength))
        {
            queued.VisitConflicts(resource, strength, _collector);
        }
    }

    /// <summary>The verdict over all intents considered.</summary>
    public Verdict Decide()
    {
        if (Conflicts.Verdict != Verdict.Grant && _collector.OnlyWaiters && _collector.Waiters.TrueForAll(IsBlockedByRequester))
        {
            Conflicts.Clear();
        }

        return Conflicts.Verdict;
    }

    /// <summary>Whether a waiter is blocked by the requester itself: by what it holds, or has queued ahead.</summary>
    private bool IsBlockedByRequester(Waiter waiter)
    {
        _blockFinder.Begin(_collector.Requester!, waiter.Number);
        foreach (WaitClaim claim in waiter.Claims)
        {
            if (!held.VisitConflicts(claim.Resource, claim.Strength, _blockFinder)
                || !queued.VisitConflicts(claim.Resource, claim.Strength, _blockFinder))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Collector : IClaimVisitor
    {
        private ConflictSet? _conflicts;
        private long _before;

        public Session? Requester { get; private set; }

        public bool OnlyWaiters { get; private set; }

        /// <summary>Those who queue in the way; kept only as long as nothing that is held is in the way too.</summary>
        public List<Waiter> Waiters { get; } = [];

        public void Begin(ConflictSet conflicts, Session requester, long before)
        {
            _conflicts = conflicts;
            _before = before;
            Requester = requester;
            OnlyWaiters = true;
            Waiters.Clear();
        }

        public bool Visit(Claim claim)
        {
            if (claim.Session == Requester)
            {
                return true;
            }

            if (claim is not WaitClaim waiting)
            {
                OnlyWaiters = false;
            }
            else if (waiting.Number >= _before)
            {
                return true;
            }
            else if (OnlyWaiters && !Waiters.Contains(waiting.Waiter))
            {
                Waiters.Add(waiting.Waiter);
            }

            _conflicts!.Add(claim);
            return true;
        }
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
    }
}
