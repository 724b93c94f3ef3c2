using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>The changes of state, one method each, used by commands and by replicas alike.</summary>
public sealed partial class LeaseTable
{
    private Agent SetPriority(string agentId, ulong priority)
    {
        Agent? agent = _agents.Find(agentId);
        if (agent is null)
        {
            return _agents.Add(agentId, priority);
        }

        agent.Priority = priority;
        _agents.Touch(agent);
        return agent;
    }

    /// <returns>Whether parked requests were passed.</returns>
    private bool Hold(Lease lease)
    {
        _leases.Add(lease.Id, lease);
        _held.Add(lease);
        _leaseExpiries.Add(lease);
        lease.Session.Add(lease);
        _agents.Touch(lease.Session.Agent);
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

    private void SetRenewed(Lease lease, long expiresAtMs)
    {
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
            _bound.Remove(lease);
            lease.BoundTo = boundTo;
            _bound.Add(lease);
        }
    }

    /// <returns>Whether parked requests were passed, which only a change that gains conflicts does.</returns>
    private bool SetPredicate(Lease lease, Predicate predicate, long fencingToken)
    {
        int strength = lease.Strength;
        _held.Remove(lease);
        if (Compatibility.Strength(predicate) < strength)
        {
            NoteGone(lease);
        }

        lease.KeepFirstToken();
        lease.Predicate = predicate;
        lease.FencingToken = fencingToken;
        _held.Add(lease);
        return lease.Strength > strength && Pass(lease);
    }

    private void RemoveLease(Lease lease, LeaseState state, long atMs)
    {
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
                (queued ? _queued : _parked).Add(claim);
            }
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
        waiter.IsQueued = true;
        waiter.Number = number;
        waiter.Session.CountQueued(waiter, +1);
        _waitExpiries.Update(waiter);
        foreach (WaitClaim claim in waiter.Claims)
        {
            _parked.Remove(claim);
            _queued.Add(claim);
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
        waiter.Watches?.Remove(waiter);
        _due.Forget(waiter);
        LeavePlace(waiter, outcome);
        _waiters.Remove(waiter.Id);
        _waitExpiries.Remove(waiter);
        waiter.Session.Remove(waiter);
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
            place.JoinedBy!.Remove(waiter);
            return;
        }

        if (SuccessorOf(waiter, outcome) is { } successor)
        {
            Succeed(successor);
            return;
        }

        foreach (WaitClaim claim in waiter.Claims)
        {
            (waiter.IsQueued ? _queued : _parked).Remove(claim);
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

    private static void KeepAlive(Waiter waiter, long untilMs) => waiter.KeptUntilMs = untilMs;

    // The highest counts: rows of a store may be older than the last sign of life.
    private void KeepAlive(WaitOwner owner, long untilMs)
    {
        owner.AliveUntilMs = Math.Max(owner.AliveUntilMs, untilMs);
        owner.ExpiresAtMs = owner.AliveUntilMs;
        if (owner.ExpiryIndex < 0)
        {
            owner.Number = Sequence;
            _ownerExpiries.Add(owner);
        }
        else
        {
            _ownerExpiries.Update(owner);
        }
    }
}
