using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>Emitting what happened. Every change takes the next number first, then changes the state, then emits its event.</summary>
public sealed partial class LeaseTable
{
    /// <summary>Where events go from now on.</summary>
    /// <param name="sink">Takes them; null while nobody wants them.</param>
    /// <param name="defersRefusals">A refusal changes nothing, so it need not be stored when it is answered: it gets its number, and is
    /// written, with the next event that must be.</param>
    public void SendEventsTo(IEventSink? sink, bool defersRefusals = false) => _events.SendTo(sink, defersRefusals);

    /// <summary>Whether there are refusals that wait for an event to ride with.</summary>
    public bool HasPendingRefusals => _events.HasPendingRefusals;

    /// <summary>Writes the refusals that wait for an event to ride with: somebody reads, or there will be no such event any more.</summary>
    public void FlushRefusals() => _events.FlushRefusals();

    private void EmitRefused(Session session, Resource resource, Predicate predicate) => _events.WriteRefusal(new Event
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
    });

    private void EmitAgent(EventKind kind, Agent agent) => _events.Write(new Event
    {
        Sequence = Sequence, Kind = kind, AtMs = NowMs, AgentId = agent.Id, Priority = agent.Priority,
    });

    private void EmitLease(EventKind kind, Lease lease, long previousToken = 0, bool passes = false)
    {
        if (!_events.HasSink)
        {
            return;
        }

        var happened = new Event(Sequence, kind, NowMs, lease, previousToken, passes);
        _events.Write(happened);
    }

    private void EmitWaiting(EventKind kind, Waiter waiter) => _events.Write(Waiting(kind, waiter));

    private Event Waiting(EventKind kind, Waiter waiter)
    {
        var facts = new WaitFacts
        {
            Id = waiter.Id,
            OwnerId = waiter.Owner.Id,
            Wanted = [.. waiter.Claims.Select(claim => claim.Wanted)],
            ChangesLease = waiter.Changes is not null,
            DeadlineMs = waiter.DeadlineMs,
            IsJoined = waiter.Joins is not null,
            Passes = waiter.Passes,
            PassedBy = waiter.PassedBy,
        };
        return Waiting(kind, waiter, facts) with
        {
            SeniorSince = waiter.Session.SeniorSince,
            TtlMs = waiter.TtlMs,
            ExpiresAtMs = waiter.Owner.AliveUntilMs,
            Note = waiter.Note,
            RequestId = waiter.RequestId,
            BoundTo = waiter.BoundTo,
        };
    }

    // What may have made its session senior is gone with the wait, while others of it stay parked.
    private void EmitWaitEnded(Waiter waiter, WaitOutcome outcome, Waiter? successor)
    {
        var facts = new WaitFacts { Id = waiter.Id, Outcome = outcome, Successor = successor?.Id ?? default };
        _events.Write(Waiting(EventKind.WaitEnded, waiter, facts) with
        {
            SeniorSince = waiter.Session.HoldsOrQueues ? 0 : waiter.Session.SeniorSince,
        });
    }

    private void EmitKeptAlive(WaitFacts facts, long untilMs) => _events.Write(new Event
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
