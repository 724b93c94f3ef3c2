using Klock.Kernel.Invariants;

namespace Klock.Kernel.Claims;

/// <summary>One run of an agent. Sessions conflict with each other, also those of one agent (KLIS-7).</summary>
public sealed class Session
{
    private List<Waiter>? _waiters;
    private int _queued;

    internal Session(Agent agent, string id)
    {
        Agent = agent;
        Id = id;
    }

    /// <summary>The agent that runs.</summary>
    public Agent Agent { get; }

    /// <summary>The session's name, 1 to 256 bytes of UTF-8.</summary>
    public string Id { get; }

    /// <summary>
    /// The number of the parked request that was passed too often and made this session senior (KLIS-8, ageing); 0 while it is not.
    /// </summary>
    internal long SeniorSince { get; set; }

    /// <summary>Whether it is older than every session that is not senior.</summary>
    public bool IsSenior => SeniorSince != 0;

    internal Lease? FirstLease { get; private set; }

    /// <summary>How many leases it holds.</summary>
    internal int LeaseCount { get; private set; }

    /// <summary>Its requests that wait, queued and parked.</summary>
    internal IReadOnlyList<Waiter> Waiters => _waiters ?? (IReadOnlyList<Waiter>)[];

    internal Waiter? FirstParked => _waiters?.Find(static waiter => !waiter.IsQueued);

    /// <summary>Whether somebody may be waiting for it: only then can it close a cycle of waits.</summary>
    internal bool HoldsOrQueues => FirstLease is not null || _queued > 0;

    /// <summary>Whether it holds anything, or queues anything but this request.</summary>
    internal bool HasMoreThan(Waiter queued) => FirstLease is not null || _queued > (queued.IsQueued ? 1 : 0);

    /// <summary>Whether it queues anything.</summary>
    internal bool Queues => _queued > 0;

    /// <summary>How many requests it queues, each place once.</summary>
    internal int QueuedCount => _queued;

    private bool IsIdle => FirstLease is null && _waiters is null or { Count: 0 };

    /// <summary>Negative when this session is the older (KLIS-3).</summary>
    internal int CompareSeniority(Session other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Seniority.Compare(this, other);
    }

    /// <summary>The first waiting request with this idempotency key; null when there is none.</summary>
    internal Waiter? FindWaiter(string requestId) =>
        _waiters?.Find(waiter => waiter.Joins is null && string.Equals(waiter.RequestId, requestId, StringComparison.Ordinal));

    internal void Add(Lease lease)
    {
        OpenIfIdle();
        FirstLease?.PreviousInSession = lease;
        lease.NextInSession = FirstLease;
        FirstLease = lease;
        LeaseCount++;
    }

    internal void Remove(Lease lease)
    {
        Lease? linked = lease.PreviousInSession is null ? FirstLease : lease.PreviousInSession.NextInSession;
        Invariant.Require(lease.Session == this && linked == lease, "a lease that ends is linked to its session");
        lease.NextInSession?.PreviousInSession = lease.PreviousInSession;
        if (lease.PreviousInSession is null)
        {
            FirstLease = lease.NextInSession;
        }
        else
        {
            lease.PreviousInSession.NextInSession = lease.NextInSession;
        }

        lease.NextInSession = lease.PreviousInSession = null;
        LeaseCount--;
        Invariant.Require(LeaseCount == 0 == (FirstLease is null), "a session's count of leases is that of its list");
        CloseIfIdle();
    }

    internal void Add(Waiter waiter)
    {
        OpenIfIdle();
        (_waiters ??= []).Add(waiter);
        CountQueued(waiter, +1);
    }

    /// <returns>Where it stood among the session's waits.</returns>
    internal int Remove(Waiter waiter)
    {
        int index = _waiters!.IndexOf(waiter);
        Invariant.Require(index >= 0, "a wait that ends is its session's");
        _waiters.RemoveAt(index);
        CountQueued(waiter, -1);
        CloseIfIdle();
        return index;
    }

    /// <summary>Reverses the last removal.</summary>
    /// <param name="lease">Of this lease.</param>
    /// <param name="newer">The lease that came before it in the list; null when it was the first.</param>
    /// <param name="seniorSince">How senior the session was.</param>
    internal void PutBack(Lease lease, Lease? newer, long seniorSince)
    {
        OpenIfIdle();
        SeniorSince = seniorSince;
        lease.PreviousInSession = newer;
        lease.NextInSession = newer is null ? FirstLease : newer.NextInSession;
        lease.NextInSession?.PreviousInSession = lease;
        newer?.NextInSession = lease;
        FirstLease = newer is null ? lease : FirstLease;
        LeaseCount++;
    }

    /// <summary>Reverses the last removal of a waiter.</summary>
    internal void PutBack(Waiter waiter, int index, long seniorSince)
    {
        OpenIfIdle();
        SeniorSince = seniorSince;
        _waiters!.Insert(index, waiter);
        CountQueued(waiter, +1);
    }

    /// <summary>Counts a waiter that moved from parked to queued, or took over the place that it shared.</summary>
    internal void CountQueued(Waiter waiter, int change)
    {
        _queued += waiter is { IsQueued: true, Joins: null } ? change : 0;
        Invariant.Require(_queued >= 0, "a count of queued requests is not negative");
    }

    private void OpenIfIdle()
    {
        if (IsIdle)
        {
            Agent.Open(this);
        }
    }

    private void CloseIfIdle()
    {
        if (IsIdle)
        {
            SeniorSince = 0;
            Agent.Close(this);
        }
    }
}
