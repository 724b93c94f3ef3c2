using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;

namespace Klock.Kernel;

/// <summary>Requests: they are granted, told to wait, or told to give way.</summary>
public sealed partial class LeaseTable
{
    // What the last request got; handed out, and filled anew by the next.
    private readonly List<Lease> _granted = [];

    // An agent that acquires before it registers is as old as its first acquire (KLIS-3).
    private ulong FirstPriority => (ulong)NowMs;

    /// <summary>Asks for leases (KLIS-3 to KLIS-9): all of them or none. A request that was granted before renews what it got.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="outcome">What was granted, the place in the queue, or what stands in the way; valid until the next command.</param>
    /// <returns><see cref="CommandStatus.Done"/> (granted, waiting or refused), <see cref="CommandStatus.RequestIdReused"/>, or what there
    /// would be too many of.</returns>
    public CommandStatus Acquire(in AcquireRequest request, long nowMs, out AcquireOutcome outcome)
    {
        Advance(nowMs);
        _granted.Clear();
        Session session = (_agents.Find(request.AgentId) ?? Register(request.AgentId, FirstPriority)).SessionOf(request.SessionId);
        outcome = new AcquireOutcome(_granted, Waiter: null, _judge.Conflicts);
        if (ClaimsOf(session, request.RequestId) is { } earlier)
        {
            if (!IsSameRequest(earlier, request.Wanted))
            {
                return CommandStatus.RequestIdReused;
            }

            _granted.AddRange(earlier.OfType<Lease>());
            if (outcome.IsGranted)
            {
                Repeat(_granted, request.BoundTo);
                return CommandStatus.Done;
            }

            if (request.Wait is { } again)
            {
                CommandStatus room = RoomForWait(session, request.Wanted);
                outcome = room != CommandStatus.Done ? outcome
                    : outcome with { Waiter = Enqueue(NewWaiter(session, request, again, session.FindWaiter(request.RequestId!))) };
                return room;
            }
        }

        _judge.Begin(session);
        foreach (ref readonly WantedLease wanted in request.Wanted.AsSpan())
        {
            _judge.Consider(wanted.Resource, wanted.Predicate);
        }

        Waiter? waiter = null;
        CommandStatus status = CommandStatus.Done;
        if (_judge.Decide() == Verdict.Grant)
        {
            status = GrantAll(session, request);
        }
        else if (request.Wait is { } terms && MayWait(session))
        {
            status = RoomForWait(session, request.Wanted);
            waiter = status == CommandStatus.Done ? Enqueue(NewWaiter(session, request, terms, joins: null)) : null;
        }
        else
        {
            EmitRefused(session, request.Wanted[0].Resource, request.Wanted[0].Predicate);
        }

        Settle();
        outcome = new AcquireOutcome(_granted, waiter, _judge.Conflicts);
        return status;
    }

    /// <summary>Changes a lease's predicate in place (KLIS-11).</summary>
    /// <param name="id">Which lease.</param>
    /// <param name="predicate">Its new predicate.</param>
    /// <param name="wait">Whether and how long to wait; null to be answered at once.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="outcome">The lease, the place in the queue, or what stands in the way; valid until the next command.</param>
    public CommandStatus Change(LeaseId id, Predicate predicate, WaitTerms? wait, long nowMs, out AcquireOutcome outcome)
    {
        Advance(nowMs);
        _granted.Clear();
        outcome = new AcquireOutcome(_granted, Waiter: null, _judge.Conflicts);
        CommandStatus status = FindActive(id, out Lease? lease);
        if (status != CommandStatus.Done)
        {
            return status;
        }

        if (Compatibility.Strength(predicate) <= lease!.Strength || IsFreeToChange(lease, predicate))
        {
            ChangeTo(lease, predicate);
            _granted.Add(lease);
        }
        else if (wait is { } terms && _judge.Conflicts.Verdict == Verdict.Wait)
        {
            status = QueueChange(lease, predicate, terms, ref outcome);
        }
        else
        {
            EmitRefused(lease.Session, lease.Resource, predicate);
        }

        Settle();
        return status;
    }

    /// <summary>Judges a manifest without taking anything (KLIS-5). An unknown agent is judged as if it registered now.</summary>
    /// <returns>What stands in its way; valid until the next command.</returns>
    public ConflictSet Declare(string agentId, string sessionId, ReadOnlySpan<Intent> intents, long nowMs)
    {
        Advance(nowMs);
        Agent agent = _agents.Find(agentId) ?? new Agent(agentId, FirstPriority);
        _judge.Begin(agent.SessionOf(sessionId));
        foreach (Intent intent in intents)
        {
            _judge.Consider(intent.Resource, intent.Predicate);
        }

        _judge.Decide();
        return _judge.Conflicts;
    }

    /// <summary>What a session was granted, or still waits for, under this name; null when that is nothing.</summary>
    private IReadOnlyList<Claim>? ClaimsOf(Session session, string? requestId)
    {
        if (requestId is null)
        {
            return null;
        }

        return (IReadOnlyList<Claim>?)_named.Find(session, requestId) ?? session.FindWaiter(requestId)?.Claims;
    }

    /// <summary>
    /// Another caller of a request gets the leases of the first: their ttl starts anew, and they stay when only one of
    /// the callers is gone. So what several processes asked for is bound to none.
    /// </summary>
    private void Repeat(List<Lease> leases, LeaseId boundTo)
    {
        foreach (Lease lease in leases)
        {
            SetBound(lease, lease.BoundTo == boundTo ? boundTo : default);
            RenewFromNow(lease);
        }
    }

    private static bool IsSameRequest(IReadOnlyList<Claim> claims, WantedLease[] wanted)
    {
        bool same = claims.Count == wanted.Length;
        for (int i = 0; same && i < wanted.Length; i++)
        {
            same = claims[i].Predicate == wanted[i].Predicate && claims[i].Resource.Equals(wanted[i].Resource);
        }

        return same;
    }

    // Nobody can wait for a session that neither holds nor queues, so parking it cannot close a circle.
    private bool MayWait(Session session) => _judge.Conflicts.Verdict == Verdict.Wait || !session.HoldsOrQueues;

    private CommandStatus GrantAll(Session session, in AcquireRequest request)
    {
        CommandStatus room = RoomForLeases(session, request.Wanted.Length);
        if (room != CommandStatus.Done)
        {
            return room;
        }

        foreach (ref readonly WantedLease wanted in request.Wanted.AsSpan())
        {
            _granted.Add(Grant(session, wanted, request.TtlMs, request.Note, request.RequestId, request.BoundTo));
        }

        EndParked(session);
        return CommandStatus.Done;
    }

    private Waiter NewWaiter(Session session, in AcquireRequest request, in WaitTerms terms, Waiter? joins) =>
        new(session, OwnerOf(terms.OwnerId), request.Wanted)
        {
            Id = terms.WaitId,
            DeadlineMs = NowMs + terms.WaitMs,
            TtlMs = request.TtlMs,
            Note = request.Note,
            RequestId = request.RequestId,
            BoundTo = request.BoundTo,
            Joins = joins,
        };

    private bool IsFreeToChange(Lease lease, Predicate predicate)
    {
        _judge.Begin(lease.Session);
        _judge.Consider(lease.Resource, predicate);
        return _judge.Decide() == Verdict.Grant;
    }

    private CommandStatus QueueChange(Lease lease, Predicate predicate, in WaitTerms terms, ref AcquireOutcome outcome)
    {
        if (lease.QueuedChange is not null)
        {
            return CommandStatus.ChangeAlreadyQueued;
        }

        WantedLease[] wanted = [new WantedLease(lease.Id, lease.Resource, predicate)];
        CommandStatus room = RoomForWait(lease.Session, wanted);
        if (room != CommandStatus.Done)
        {
            return room;
        }

        var waiter = new Waiter(lease.Session, OwnerOf(terms.OwnerId), wanted)
        {
            Id = terms.WaitId,
            DeadlineMs = NowMs + terms.WaitMs,
            TtlMs = lease.TtlMs,
            Changes = lease,
        };
        outcome = outcome with { Waiter = Enqueue(waiter) };
        return CommandStatus.Done;
    }
}
