using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Kernel;

/// <summary>Following what other processes decided.</summary>
public sealed partial class LeaseTable
{
    /// <summary>Follows an event that another process decided and a store recorded.</summary>
    /// <exception cref="InvalidOperationException">The event does not fit this state: this is not a replica of that store. Or the table
    /// is tentative (<see cref="IsTentative"/>); then nothing has changed.</exception>
    public void Apply(in Event happened)
    {
        RequireKept();
        _events.MoveTo(happened.Sequence);
        NowMs = Later(happened.AtMs);
        switch (happened.Kind)
        {
            case EventKind.Created or EventKind.Refused or EventKind.Resumed:
                break;
            case EventKind.Registered:
                SetPriority(happened.AgentId!, happened.Priority);
                break;
            case EventKind.Forgotten:
                _agents.Remove(AgentOf(happened));
                break;
            case EventKind.Granted:
                ApplyGrant(happened);
                break;
            case EventKind.Renewed:
                ApplyRenewal(LeaseOf(happened), happened);
                break;
            case EventKind.Changed:
                SetPredicate(LeaseOf(happened), happened.Predicate, happened.FencingToken);
                SetRenewed(LeaseOf(happened), LeaseOf(happened).TtlMs, happened.ExpiresAtMs);
                break;
            case EventKind.Released:
                RemoveLease(LeaseOf(happened), LeaseState.Released, happened.AtMs);
                break;
            case EventKind.Expired:
                RemoveLease(LeaseOf(happened), LeaseState.Expired, happened.AtMs);
                break;
            case EventKind.Revoked:
                RemoveLease(LeaseOf(happened), LeaseState.Revoked, happened.AtMs);
                break;
            case EventKind.Queued or EventKind.Parked:
                ApplyWaiting(happened);
                break;
            case EventKind.Promoted:
                Follow(WaiterOf(happened).Session, happened);
                Promote(WaiterOf(happened), happened.Sequence);
                break;
            case EventKind.WaitEnded:
                StopWaiting(WaiterOf(happened), FactsOf(happened).Outcome);
                break;
            case EventKind.KeptAlive:
                ApplyKeptAlive(happened);
                break;
            case EventKind.SessionShared:
                SetShared(LeaseOf(happened));
                break;
            default:
                throw Unfit(happened);
        }
    }

    /// <summary>Remembers how a lease ended before this table was loaded.</summary>
    /// <exception cref="InvalidOperationException">The table is tentative (<see cref="IsTentative"/>).</exception>
    public void RememberEnded(LeaseId id, LeaseState state, long endedAtMs)
    {
        RequireKept();
        _ended.Add(id, state, endedAtMs);
    }

    /// <summary>Moves number and time on to a store's head, after its rows are loaded.</summary>
    /// <exception cref="InvalidOperationException">The table is tentative (<see cref="IsTentative"/>).</exception>
    public void MoveTo(long sequence, long nowMs)
    {
        RequireKept();
        _events.MoveTo(sequence);
        NowMs = Later(nowMs);
    }

    private void ApplyGrant(in Event grant)
    {
        var lease = new Lease(AgentOf(grant).SessionOf(grant.SessionId!), grant.Resource!, grant.Predicate, grant.FencingToken)
        {
            Id = grant.LeaseId,
            AcquiredAtMs = grant.AtMs,
            TtlMs = grant.TtlMs,
            Note = grant.Note,
            RequestId = grant.RequestId,
            BoundTo = grant.BoundTo,
        };
        if (grant.PreviousToken > 0)
        {
            lease.FirstToken = grant.PreviousToken;
        }

        SetRenewed(lease, grant.TtlMs, grant.ExpiresAtMs);
        Follow(lease.Session, grant);
        Hold(lease);
    }

    private void ApplyRenewal(Lease lease, in Event renewed)
    {
        SetBound(lease, renewed.BoundTo);
        SetRenewed(lease, renewed.TtlMs, renewed.ExpiresAtMs);
    }

    private void ApplyWaiting(in Event waiting)
    {
        WaitFacts facts = FactsOf(waiting);
        Session session = AgentOf(waiting).SessionOf(waiting.SessionId!);
        var waiter = new Waiter(session, OwnerOf(facts.OwnerId), facts.Wanted)
        {
            Id = facts.Id,
            DeadlineMs = facts.DeadlineMs,
            TtlMs = waiting.TtlMs,
            Note = waiting.Note,
            RequestId = waiting.RequestId,
            BoundTo = waiting.BoundTo,
            Passes = facts.Passes,
            PassedBy = facts.PassedBy,
            Joins = waiting.RequestId is null ? null : session.FindWaiter(waiting.RequestId),
            Changes = facts.ChangesLease ? _leases.GetValueOrDefault(facts.Wanted![0].LeaseId) ?? throw Unfit(waiting) : null,
        };
        if (waiter.Joins is null)
        {
            Follow(session, waiting); // else the place that it shares knows better: its session may have become senior there
        }

        StartWaiting(waiter, waiter.Joins?.IsQueued ?? waiting.Kind == EventKind.Queued, waiting.Sequence, waiting.ExpiresAtMs);
    }

    private void ApplyKeptAlive(in Event kept)
    {
        if (FactsOf(kept).Id != default)
        {
            KeepAlive(WaiterOf(kept), kept.ExpiresAtMs);
            return;
        }

        KeepAlive(_owners.GetValueOrDefault(FactsOf(kept).OwnerId) ?? throw Unfit(kept), kept.ExpiresAtMs);
    }

    // A session that has something is as senior as whoever decided says; one that has nothing yet opens with it.
    private static void Follow(Session session, in Event happened) => session.SeniorSince = happened.SeniorSince;

    private Agent AgentOf(in Event happened) => _agents.Find(happened.AgentId!) ?? throw Unfit(happened);

    private Lease LeaseOf(in Event happened) => _leases.GetValueOrDefault(happened.LeaseId) ?? throw Unfit(happened);

    private static WaitFacts FactsOf(in Event happened) => happened.Wait ?? throw Unfit(happened);

    private Waiter WaiterOf(in Event happened) => _waiters.GetValueOrDefault(FactsOf(happened).Id) ?? throw Unfit(happened);

    private static InvalidOperationException Unfit(in Event happened) =>
        new($"Event {happened.Sequence} ({happened.Kind}) does not fit the state it is applied to.");
}
