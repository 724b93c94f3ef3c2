using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Tree;
using Klock.Kernel.Undo;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>The changes of state, one method each, used by commands and by replicas alike.</summary>
/// <remarks>Each notes what it changes while that may be taken back; LeaseTable.Undo.cs has the reverse of each.</remarks>
public sealed partial class LeaseTable
{
    private Agent SetPriority(string agentId, ulong priority)
    {
        Agent? agent = _agents.Find(agentId);
        if (agent is null)
        {
            agent = _agents.Add(agentId, priority);
            _undo?.Note(ChangeKind.AgentAdded, agent);
            return agent;
        }

        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.AgentChanged, agent);
            NoteIdle(ref change, agent);
            change.Number = unchecked((long)agent.Priority);
        }

        agent.Priority = priority;
        _agents.Touch(agent);
        return agent;
    }

    private void Forget(Agent idle)
    {
        if (_undo is { } undo)
        {
            undo.Note(ChangeKind.AgentRemoved, idle).Before = idle.PreviousIdle;
        }

        _agents.Remove(idle);
    }

    /// <returns>Whether parked requests were passed.</returns>
    private bool Hold(Lease lease)
    {
        Agent agent = lease.Session.Agent;
        _leases.Add(lease.Id, lease);
        _held.Add(lease);
        if (_undo is { } undo)
        {
            NoteIdle(ref undo.Note(ChangeKind.LeaseHeld, lease), agent);
        }

        _leaseExpiries.Add(lease);
        lease.Session.Add(lease);
        _agents.Touch(agent);
        _bound.Add(lease);
        if (lease.RequestId is not null)
        {
            Name(lease, lease.RequestId);
        }

        return Pass(lease);
    }

    private void Name(Lease lease, string requestId)
    {
        _named.Add(lease);

        // Who asked twice, and waits with one of the two, gets the same.
        foreach (Waiter waiter in lease.Session.Waiters)
        {
            if (string.Equals(waiter.RequestId, requestId, StringComparison.Ordinal))
            {
                _due.Note(waiter);
            }
        }
    }

    private void SetRenewed(Lease lease, long ttlMs, long expiresAtMs)
    {
        if (_undo is { } undo && lease.ExpiryIndex >= 0)
        {
            ref Change change = ref undo.Note(ChangeKind.LeaseRenewed, lease);
            (change.Number, change.Other) = (lease.TtlMs, lease.ExpiresAtMs);
        }

        lease.TtlMs = ttlMs;
        lease.ExpiresAtMs = expiresAtMs;
        if (lease.ExpiryIndex >= 0)
        {
            _leaseExpiries.Update(lease);
        }

        if (lease.Place >= 0)
        {
            lease.Node!.Crowd!.LineOf(lease).NoteEnd(expiresAtMs);
        }
    }

    private void SetBound(Lease lease, LeaseId boundTo)
    {
        if (lease.BoundTo != boundTo)
        {
            if (_undo is { } undo)
            {
                undo.Note(ChangeKind.LeaseBound, lease).Before = lease.BoundTo;
            }

            _bound.Remove(lease);
            lease.BoundTo = boundTo;
            _bound.Add(lease);
        }
    }

    /// <returns>Whether parked requests were passed, which only a change that gains conflicts does.</returns>
    private bool SetPredicate(Lease lease, Predicate predicate, long fencingToken)
    {
        int strength = lease.Strength;
        RemoveFrom(_held, lease);
        if (Compatibility.Strength(predicate) < strength)
        {
            NoteGone(lease);
        }

        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.LeaseChanged, lease);
            (change.Before, change.Number, change.Other) = (lease.Predicate, lease.FencingToken, lease.KeptFirstToken);
        }

        lease.KeepFirstToken();
        lease.Predicate = predicate;
        lease.FencingToken = fencingToken;
        AddTo(_held, lease);
        return lease.Strength > strength && Pass(lease);
    }

    private void RemoveLease(Lease lease, LeaseState state, long atMs)
    {
        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.LeaseRemoved, lease);
            ResourceTree.NotePlace(lease, ref change);
            (change.Before, change.Number) = (lease.PreviousInSession, lease.Session.SeniorSince);
        }

        lease.State = state;
        _leases.Remove(lease.Id);
        _held.Remove(lease);
        NoteGone(lease);
        _leaseExpiries.Remove(lease);
        lease.Session.Remove(lease);
        _agents.Touch(lease.Session.Agent);
        _bound.Remove(lease);
        _named.Remove(lease);
        if (state != LeaseState.Released)
        {
            _ended.Add(lease.Id, state, atMs);
        }
    }

    private void StartWaiting(Waiter waiter, bool queued, long number, long aliveUntilMs)
    {
        waiter.IsQueued = queued;
        waiter.Number = number;
        waiter.Changes?.QueuedChange = waiter;
        if (waiter.Joins is { } place)
        {
            place.AddJoined(waiter);
        }
        else
        {
            foreach (WaitClaim claim in waiter.Claims)
            {
                AddTo(queued ? _queued : _parked, claim);
            }
        }

        if (_undo is { } undo)
        {
            NoteIdle(ref undo.Note(ChangeKind.WaitStarted, waiter), waiter.Session.Agent);
        }

        _waiters.Add(waiter.Id, waiter);
        _waitExpiries.Add(waiter);
        waiter.Session.Add(waiter);
        _agents.Touch(waiter.Session.Agent);
        _bound.Add(waiter);
        waiter.Owner.Add(waiter);
        _owners.TryAdd(waiter.Owner.Id, waiter.Owner);
        KeepAlive(waiter.Owner, aliveUntilMs);
        NoteNew(waiter);
    }

    // What is in its way is found by judging it once more, and it is seen that it had to wait.
    private void NoteNew(Waiter waiter)
    {
        if (waiter.Joins is not null)
        {
            return; // whose place it shares is judged
        }

        if (waiter.IsQueued)
        {
            _due.Note(waiter);
        }
        else
        {
            NoteParked(waiter);
        }
    }

    private void Promote(Waiter waiter, long number)
    {
        if (_undo is { } undo)
        {
            undo.Note(ChangeKind.WaitPromoted, waiter).Number = waiter.Number;
        }

        waiter.IsQueued = true;
        waiter.Number = number;
        waiter.Session.CountQueued(waiter, +1);
        _waitExpiries.Update(waiter);
        foreach (WaitClaim claim in waiter.Claims)
        {
            RemoveFrom(_parked, claim);
            AddTo(_queued, claim);
        }

        foreach (Waiter joined in waiter.JoinedBy ?? [])
        {
            joined.IsQueued = true;
        }

        NoteNew(waiter);
    }

    private void StopWaiting(Waiter waiter, WaitOutcome outcome)
    {
        waiter.HasEnded = true;
        waiter.Changes?.QueuedChange = null;
        StopWatching(waiter);
        _due.Forget(waiter);
        LeavePlace(waiter, outcome);
        _waiters.Remove(waiter.Id);
        _waitExpiries.Remove(waiter);
        long seniorSince = waiter.Session.SeniorSince;
        int index = waiter.Session.Remove(waiter);
        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.WaitStopped, waiter);
            (change.Before, change.Number, change.Other) = (waiter.NextOfOwner, index, seniorSince);
        }

        _agents.Touch(waiter.Session.Agent);
        _bound.Remove(waiter);
        waiter.Owner.Remove(waiter);
        if (waiter.Owner.WaiterCount == 0)
        {
            _owners.Remove(waiter.Owner.Id);
            _ownerExpiries.Remove(waiter.Owner);
        }

        _observer?.Ended(waiter, outcome, outcome == WaitOutcome.Granted ? LeasesOf(waiter) : []);
    }

    private void LeavePlace(Waiter waiter, WaitOutcome outcome)
    {
        if (waiter.Joins is { } place)
        {
            int index = place.RemoveJoined(waiter);
            if (_undo is { } undo)
            {
                undo.Note(ChangeKind.WaitLeftPlace, waiter).Number = index;
            }

            return;
        }

        if (SuccessorOf(waiter, outcome) is { } successor)
        {
            Succeed(successor);
            return;
        }

        foreach (WaitClaim claim in waiter.Claims)
        {
            RemoveFrom(waiter.IsQueued ? _queued : _parked, claim);
            if (waiter.IsQueued)
            {
                LeaveQueue(claim, outcome);
            }
        }
    }

    // What is granted stands in the way of the same requests as before.
    private void LeaveQueue(WaitClaim claim, WaitOutcome outcome)
    {
        Lease? lease = outcome == WaitOutcome.Granted ? claim.Waiter.Changes ?? _leases.GetValueOrDefault(claim.LeaseId) : null;
        claim.Became = lease;
        if (lease is null)
        {
            NoteGone(claim);
        }
        else if (claim.Watchers is { Count: > 0 } watchers)
        {
            HandOver(watchers, lease);
        }
    }

    private void KeepAlive(Waiter waiter, long untilMs)
    {
        if (_undo is { } undo)
        {
            undo.Note(ChangeKind.WaitKept, waiter).Number = waiter.KeptUntilMs;
        }

        waiter.KeptUntilMs = untilMs;
    }

    // The highest counts: rows of a store may be older than the last sign of life.
    private void KeepAlive(WaitOwner owner, long untilMs)
    {
        long aliveUntilMs = Math.Max(owner.AliveUntilMs, untilMs);
        SetOwner(owner, aliveUntilMs, expiresAtMs: aliveUntilMs);
    }

    private void SetOwner(WaitOwner owner, long aliveUntilMs, long expiresAtMs)
    {
        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.OwnerKept, owner);
            (change.Flag, change.Number, change.Other) = (owner.ExpiryIndex >= 0, owner.AliveUntilMs, owner.ExpiresAtMs);
        }

        owner.AliveUntilMs = aliveUntilMs;
        owner.ExpiresAtMs = expiresAtMs;
        if (owner.ExpiryIndex < 0)
        {
            // Not the table's, which is the last of all while a state is loaded.
            owner.Number = owner.LastWaiter?.Number ?? Sequence;
            _ownerExpiries.Add(owner);
        }
        else
        {
            _ownerExpiries.Update(owner);
        }
    }
}
