using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;

namespace Klock.Kernel;

/// <summary>Requests: they are granted, queued or parked, or refused.</summary>
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
        if (AnswerRepeat(session, request, ref outcome) is { } answered)
        {
            return answered;
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
}
