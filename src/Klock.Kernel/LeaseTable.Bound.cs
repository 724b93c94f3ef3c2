using System.Runtime.InteropServices;
using Klock.Kernel.Claims;
using Klock.Kernel.Invariants;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>Leases that are bound to a process, and end with it. Whether a process is gone is the store's to know.</summary>
public sealed partial class LeaseTable
{
    private readonly Dictionary<LeaseId, Bound> _bound = [];

    /// <summary>The processes that a lease or a wait is bound to, in no particular order.</summary>
    public IReadOnlyCollection<LeaseId> BoundProcesses => _bound.Keys;

    /// <summary>Ends all that is bound to a process that is gone: its waits first, then its leases, as if their time were over.</summary>
    /// <returns>How many leases ended.</returns>
    public int EndBound(LeaseId process, long nowMs)
    {
        Advance(nowMs);
        foreach (Waiter waiter in WaitersBoundTo(process))
        {
            EndWait(waiter, WaitOutcome.OwnerGone);
        }

        List<Lease> leases = LeasesBoundTo(process);
        foreach (Lease lease in leases)
        {
            End(lease, LeaseState.Expired);
        }

        Settle();
        return leases.Count;
    }

    private List<Waiter> WaitersBoundTo(LeaseId process) =>
        [.. (_bound.GetValueOrDefault(process).Waiters ?? []).OrderBy(waiter => waiter.Number)];

    private List<Lease> LeasesBoundTo(LeaseId process)
    {
        List<Lease> leases = [];
        for (Lease? lease = _bound.GetValueOrDefault(process).FirstLease; lease is not null; lease = lease.NextBound)
        {
            leases.Add(lease);
        }

        leases.Sort((a, b) => a.FencingToken.CompareTo(b.FencingToken));
        return leases;
    }

    private void Bind(Lease lease)
    {
        if (lease.BoundTo != default)
        {
            ref Bound bound = ref CollectionsMarshal.GetValueRefOrAddDefault(_bound, lease.BoundTo, out _);
            bound.FirstLease?.PreviousBound = lease;
            lease.NextBound = bound.FirstLease;
            bound.FirstLease = lease;
        }
    }

    private void Unbind(Lease lease)
    {
        if (lease.BoundTo == default)
        {
            return;
        }

        ref Bound bound = ref BoundTo(lease.BoundTo);
        Lease? linked = lease.PreviousBound is null ? bound.FirstLease : lease.PreviousBound.NextBound;
        Invariant.Require(linked == lease, "a lease that ends is linked to its process");
        lease.NextBound?.PreviousBound = lease.PreviousBound;
        if (lease.PreviousBound is null)
        {
            bound.FirstLease = lease.NextBound;
        }
        else
        {
            lease.PreviousBound.NextBound = lease.NextBound;
        }

        lease.NextBound = lease.PreviousBound = null;
        RemoveIfIdle(lease.BoundTo, bound);
    }

    private void Bind(Waiter waiter)
    {
        if (waiter.BoundTo != default)
        {
            ref Bound bound = ref CollectionsMarshal.GetValueRefOrAddDefault(_bound, waiter.BoundTo, out _);
            (bound.Waiters ??= []).Add(waiter);
        }
    }

    private void Unbind(Waiter waiter)
    {
        if (waiter.BoundTo != default)
        {
            ref Bound bound = ref BoundTo(waiter.BoundTo);
            bool wasThere = bound.Waiters?.Remove(waiter) == true;
            Invariant.Require(wasThere, "a wait that ends is linked to its process");
            RemoveIfIdle(waiter.BoundTo, bound);
        }
    }

    private ref Bound BoundTo(LeaseId process)
    {
        ref Bound bound = ref CollectionsMarshal.GetValueRefOrAddDefault(_bound, process, out bool isThere);
        Invariant.Require(isThere, "what is bound to a process is known there");
        return ref bound;
    }

    private void RemoveIfIdle(LeaseId process, in Bound bound)
    {
        if (bound is { FirstLease: null, Waiters: null or { Count: 0 } })
        {
            _bound.Remove(process);
        }
    }

    /// <summary>What is bound to one process.</summary>
    private struct Bound
    {
        public Lease? FirstLease;
        public HashSet<Waiter>? Waiters;
    }
}
