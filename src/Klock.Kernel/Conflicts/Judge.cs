using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tree;

namespace Klock.Kernel.Conflicts;

/// <summary>Decides one request against all that is held and all who queue (KLIS-3, KLIS-5, KLIS-7, KLIS-8).</summary>
/// <remarks>A request is judged as a whole; <see cref="Reentrance"/> says whom it passes.</remarks>
internal sealed class Judge(ResourceTree held, ResourceTree queued)
{
    private readonly Collector _collector = new();
    private readonly Reentrance _reentrance = new(held, queued);

    /// <summary>What is in the way; valid until the next request is judged.</summary>
    public ConflictSet Conflicts { get; } = new();

    /// <summary>Starts over for a request of this session.</summary>
    /// <param name="requester">Whose request it is.</param>
    /// <param name="before">Only claims queued before this number are in its way: the request's own place when it is queued itself.</param>
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
        if (Conflicts.Verdict != Verdict.Grant
            && _reentrance.PassesAll(
                _collector.Requester!, _collector.OnlyWaiters, _collector.Waiters, _collector.Lines, _collector.Before))
        {
            Conflicts.Clear();
        }

        return Conflicts.Verdict;
    }

    private sealed class Collector : IClaimVisitor
    {
        private ConflictSet? _conflicts;

        public Session? Requester { get; private set; }

        public long Before { get; private set; }

        public bool OnlyWaiters { get; private set; }

        /// <summary>The queued requests in the way; filled only while nothing held is in the way too.</summary>
        public List<Waiter> Waiters { get; } = [];

        /// <summary>Whole lines of queued claims in the way.</summary>
        public List<Line> Lines { get; } = [];

        public void Begin(ConflictSet conflicts, Session requester, long before)
        {
            _conflicts = conflicts;
            Before = before;
            Requester = requester;
            OnlyWaiters = true;
            Waiters.Clear();
            Lines.Clear();
        }

        public bool Visit(Claim claim)
        {
            if (Reentrance.IsOwn(claim, Requester!))
            {
                return true;
            }

            if (claim is not WaitClaim waiting)
            {
                OnlyWaiters = false;
            }
            else if (waiting.Number >= Before)
            {
                return true;
            }
            else if (OnlyWaiters && waiting.Waiter.MetInRound != _conflicts!.Round)
            {
                waiting.Waiter.MetInRound = _conflicts.Round;
                Waiters.Add(waiting.Waiter);
            }

            _conflicts!.Add(claim);
            return true;
        }

        public bool VisitLine(Line line)
        {
            bool isHeld = line.Oldest is Lease;
            if (!_conflicts!.Add(line, isHeld ? long.MaxValue : Before))
            {
                return true;
            }

            OnlyWaiters &= !isHeld;
            if (!isHeld)
            {
                Lines.Add(line);
            }

            return true;
        }
    }
}
