using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>Telling what happened. Every change takes the next number first, then changes the state, then is told.</summary>
public sealed partial class LeaseTable
{
    // How many refusals wait at the most for an event to ride with; then they are told by themselves.
    private const int DeferredRefusals = 256;

    private readonly List<Event> _deferred = [];
    private IEventSink? _sink;
    private bool _defersRefusals;

    /// <summary>Where events go from now on.</summary>
    /// <param name="sink">Takes them; null while nobody wants them.</param>
    /// <param name="defersRefusals">A refusal changes nothing, so it need not be stored when it is answered: it is told, and gets its
    /// number, with the next event that must be.</param>
    public void SendEventsTo(IEventSink? sink, bool defersRefusals = false)
    {
        _sink = sink;
        _defersRefusals = defersRefusals;
    }

    /// <summary>Whether there are refusals that wait for an event to ride with.</summary>
    public bool HasPendingRefusals => _deferred.Count > 0;

    /// <summary>Tells the refusals that wait for an event to ride with: somebody reads, or there will be no such event any more.</summary>
    public void FlushRefusals()
    {
        foreach (Event refusal in _deferred)
        {
            Sequence++;
            _sink?.Append(refusal with { Sequence = Sequence });
        }

        _deferred.Clear();
    }

    private long NextSequence()
    {
        if (HasPendingRefusals)
        {
            FlushRefusals();
        }

        return ++Sequence;
    }

    private void EmitRefused(Session session, Resource resource, Predicate predicate)
    {
        var refusal = new Event
        {
            Sequence = 0,
            Kind = EventKind.Refused,
            AtMs = NowMs,
            AgentId = session.Agent.Id,
            SessionId = session.Id,
            SeniorSince = session.SeniorSince,
            Resource = resource,
            Predicate = predicate,
            Verdict = _judge.Conflicts.Verdict,
        };
        if (_defersRefusals && _deferred.Count < DeferredRefusals)
        {
            _deferred.Add(refusal);
            return;
        }

        long sequence = NextSequence();
        _sink?.Append(refusal with { Sequence = sequence });
    }

    private void EmitAgent(EventKind kind, Agent agent) => _sink?.Append(new Event
    {
        Sequence = Sequence, Kind = kind, AtMs = NowMs, AgentId = agent.Id, Priority = agent.Priority,
    });

    private void EmitLease(EventKind kind, Lease lease, long previousToken = 0, bool passes = false)
    {
        if (_sink is null)
        {
            return;
        }

        var happened = new Event(Sequence, kind, NowMs, lease, previousToken, passes);
        _sink.Append(happened);
    }

    private void EmitWaiting(EventKind kind, Waiter waiter)
    {
        var facts = new WaitFacts
        {
            Id = waiter.Id,
            OwnerId = waiter.Owner.Id,
            Wanted = [.. waiter.Claims.Select(claim => claim.Wanted)],
            ChangesLease = waiter.Changes is not null,
            DeadlineMs = waiter.DeadlineMs,
            IsJoined = waiter.Joins is not null,
        };
        _sink?.Append(Waiting(kind, waiter, facts) with
        {
            SeniorSince = waiter.Session.SeniorSince,
            TtlMs = waiter.TtlMs,
            ExpiresAtMs = waiter.Owner.AliveUntilMs,
            Note = waiter.Note,
            RequestId = waiter.RequestId,
            BoundTo = waiter.BoundTo,
        });
    }

    // What may have made its session senior is gone with the wait, while others of it stay parked.
    private void EmitWaitEnded(Waiter waiter, WaitOutcome outcome, Waiter? successor)
    {
        var facts = new WaitFacts { Id = waiter.Id, Outcome = outcome, Successor = successor?.Id ?? default };
        _sink?.Append(Waiting(EventKind.WaitEnded, waiter, facts) with
        {
            SeniorSince = waiter.Session.HoldsOrQueues ? 0 : waiter.Session.SeniorSince,
        });
    }

    private void EmitKeptAlive(WaitFacts facts, long untilMs) => _sink?.Append(new Event
    {
        Sequence = Sequence, Kind = EventKind.KeptAlive, AtMs = NowMs, ExpiresAtMs = untilMs, Wait = facts,
    });

    private Event Waiting(EventKind kind, Waiter waiter, WaitFacts facts) => new()
    {
        Sequence = Sequence,
        Kind = kind,
        AtMs = NowMs,
        AgentId = waiter.Session.Agent.Id,
        SessionId = waiter.Session.Id,
        Resource = waiter.Claims[0].Resource,
        Predicate = waiter.Claims[0].Predicate,
        Wait = facts,
    };
}
