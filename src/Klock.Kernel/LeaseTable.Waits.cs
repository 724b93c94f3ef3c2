using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>Those who wait (KLIS-8): the queue and the parking place.</summary>
public sealed partial class LeaseTable
{
    private IWaitObserver? _observer;

    /// <summary>Who is notified when waits end; null for nobody.</summary>
    public void ObserveWaits(IWaitObserver? observer) => _observer = observer;

    /// <summary>A keep-alive: the waits of this process stay for another <see cref="WaitKeepAliveMs"/>.</summary>
    /// <remarks>It does not wait until all are granted who were freed (<see cref="FreesAtMost"/>): that may take longer than a wait lives
    /// without it, and it is in nobody's way.</remarks>
    public void KeepWaitsAlive(LeaseId ownerId, long nowMs)
    {
        Advance(nowMs, int.MaxValue - 1);
        KeepWaitsAlive(ownerId);
    }

    /// <summary>The same at the time of the last command, and nothing else: with <see cref="Advance(long, int)"/> of a store that does what
    /// is due in parts.</summary>
    public void KeepWaitsAlive(LeaseId ownerId)
    {
        if (_owners.TryGetValue(ownerId, out WaitOwner? owner))
        {
            _events.Next();
            KeepAlive(owner, NowMs + WaitKeepAliveMs);
            EmitKeptAlive(new WaitFacts { OwnerId = ownerId }, owner.AliveUntilMs);
        }
    }

    /// <summary>Ends one wait whose caller went away. Nothing happens when it has ended already.</summary>
    public void CancelWait(LeaseId waitId, long nowMs)
    {
        Advance(nowMs);
        if (_waiters.TryGetValue(waitId, out Waiter? waiter))
        {
            EndWait(waiter, WaitOutcome.Cancelled);
            Settle();
        }
    }

    /// <summary>Ends every wait of a process, whose handle is being closed.</summary>
    public void CloseWaits(LeaseId ownerId, long nowMs)
    {
        Advance(nowMs);
        if (_owners.TryGetValue(ownerId, out WaitOwner? owner))
        {
            EndWaitsOf(owner, WaitOutcome.Closed);
            Settle();
        }
    }

    /// <summary>What is in the way of a request that waits or waited; valid until the next command.</summary>
    public ConflictSet WhatBlocks(Waiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        _judge.Begin(waiter.Session, before: waiter.IsQueued ? (waiter.Joins ?? waiter).Number : long.MaxValue);
        foreach (WaitClaim claim in waiter.Claims)
        {
            _judge.Consider(claim.Resource, claim.Predicate);
        }

        _judge.Decide();
        return _judge.Conflicts;
    }

    /// <summary>What a wait that ended unseen got, in the order it asked; empty unless it got all of it and holds it still.</summary>
    /// <param name="waiter">A wait of this store, also one that an earlier replica of it has made.</param>
    public IReadOnlyList<Lease> FindGranted(Waiter waiter)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        if (waiter.RequestId is not null)
        {
            // Another caller of the same request may have been granted it, under other ids.
            Session? session = _agents.Find(waiter.Session.Agent.Id)?.SessionOf(waiter.Session.Id);
            return session is not null && _named.Find(session, waiter.RequestId) is { } named
                && IsSameRequest(named, [.. waiter.Claims.Select(claim => claim.Wanted)]) ? named : [];
        }

        var leases = new List<Lease>(waiter.Claims.Count);
        foreach (WaitClaim claim in waiter.Claims)
        {
            if (_leases.GetValueOrDefault(claim.LeaseId) is not { } lease || lease.Predicate != claim.Predicate)
            {
                return [];
            }

            leases.Add(lease);
        }

        return leases;
    }

    private WaitOwner OwnerOf(LeaseId ownerId) => _owners.GetValueOrDefault(ownerId) ?? new WaitOwner(ownerId);

    // A request that must give way is parked; its own verdict decides, but for one that shares a place.
    private Waiter Enqueue(Waiter waiter)
    {
        _events.Next();
        bool queued = waiter.Joins?.IsQueued ?? _judge.Conflicts.Verdict == Verdict.Wait;
        StartWaiting(waiter, queued, Sequence, NowMs + WaitKeepAliveMs);
        EmitWaiting(waiter.IsQueued ? EventKind.Queued : EventKind.Parked, waiter);
        if (waiter.IsQueued)
        {
            EndParked(waiter.Session);
        }

        return waiter;
    }

    /// <summary>Ends the parked requests of a session that has acquired or queued something: somebody may wait for it now.</summary>
    private void EndParked(Session session)
    {
        while (session.FirstParked is { } parked)
        {
            if (!TryGiveGranted(parked))
            {
                EndWait(parked, WaitOutcome.MustDie);
            }
        }
    }

    private void EndWaitsOf(WaitOwner owner, WaitOutcome outcome)
    {
        while (owner.LastWaiter is { } waiter)
        {
            EndWait(waiter, outcome);
        }
    }

    private void EndWait(Waiter waiter, WaitOutcome outcome)
    {
        _events.Next();
        Waiter? successor = SuccessorOf(waiter, outcome);
        StopWaiting(waiter, outcome);
        EmitWaitEnded(waiter, outcome, successor);
    }

    private void GrantWaiter(Waiter waiter)
    {
        if (waiter.Changes is { } lease)
        {
            ChangeTo(lease, waiter.Claims[0].Predicate);
        }
        else
        {
            foreach (WaitClaim claim in waiter.Claims)
            {
                Grant(waiter.Session, claim.Wanted, waiter.TtlMs, waiter.Note, waiter.RequestId, waiter.BoundTo);
            }
        }

        EndGranted(waiter);
        EndParked(waiter.Session);
    }

    /// <summary>What a wait that was granted got, in the order it asked.</summary>
    private List<Lease> LeasesOf(Waiter waiter)
    {
        return _named.Find(waiter.Session, waiter.RequestId) ?? [.. waiter.Claims.Select(claim => _leases[claim.LeaseId])];
    }
}
