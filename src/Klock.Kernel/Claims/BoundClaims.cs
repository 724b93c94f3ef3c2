using System.Runtime.InteropServices;
using Klock.Kernel.Invariants;

namespace Klock.Kernel.Claims;

/// <summary>The leases and waits that end with a process, by process. Whether a process is gone is for the store to know.</summary>
internal sealed class BoundClaims
{
    private readonly Dictionary<LeaseId, Bound> _byProcess = [];

    /// <summary>The processes that something is bound to, in no particular order.</summary>
    public IReadOnlyCollection<LeaseId> Processes => _byProcess.Keys;

    /// <summary>The leases bound to a process, in the order of their grants.</summary>
    public List<Lease> LeasesOf(LeaseId process)
    {
        List<Lease> leases = [];
        for (Lease? lease = _byProcess.GetValueOrDefault(process).FirstLease; lease is not null; lease = lease.NextBound)
        {
            leases.Add(lease);
        }

        leases.Sort((a, b) => a.FencingToken.CompareTo(b.FencingToken));
        return leases;
    }

    /// <summary>The waits bound to a process, in their order.</summary>
    public List<Waiter> WaitersOf(LeaseId process) =>
        [.. (_byProcess.GetValueOrDefault(process).Waiters ?? []).OrderBy(waiter => waiter.Number)];

    /// <summary>Links a lease to its process, if it has one.</summary>
    public void Add(Lease lease)
    {
        if (lease.BoundTo != default)
        {
            ref Bound bound = ref CollectionsMarshal.GetValueRefOrAddDefault(_byProcess, lease.BoundTo, out _);
            bound.FirstLease?.PreviousBound = lease;
            lease.NextBound = bound.FirstLease;
            bound.FirstLease = lease;
        }
    }

    /// <summary>Unlinks a lease from its process, if it has one.</summary>
    public void Remove(Lease lease)
    {
        if (lease.BoundTo == default)
        {
            return;
        }

        ref Bound bound = ref Find(lease.BoundTo);
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
        RemoveIfEmpty(lease.BoundTo, bound);
    }

    /// <summary>Links a wait to its process, if it has one.</summary>
    public void Add(Waiter waiter)
    {
        if (waiter.BoundTo != default)
        {
            ref Bound bound = ref CollectionsMarshal.GetValueRefOrAddDefault(_byProcess, waiter.BoundTo, out _);
            (bound.Waiters ??= []).Add(waiter);
        }
    }

    /// <summary>Unlinks a wait from its process, if it has one.</summary>
    public void Remove(Waiter waiter)
    {
        if (waiter.BoundTo != default)
        {
            ref Bound bound = ref Find(waiter.BoundTo);
            bool wasThere = bound.Waiters?.Remove(waiter) == true;
            Invariant.Require(wasThere, "a wait that ends is linked to its process");
            RemoveIfEmpty(waiter.BoundTo, bound);
        }
    }

    private ref Bound Find(LeaseId process)
    {
        ref Bound bound = ref CollectionsMarshal.GetValueRefOrNullRef(_byProcess, process);
        Invariant.Require(!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref bound), "what is bound to a process is known there");
        return ref bound;
    }

    private void RemoveIfEmpty(LeaseId process, in Bound bound)
    {
        if (bound is { FirstLease: null, Waiters: null or { Count: 0 } })
        {
            _byProcess.Remove(process);
        }
    }

    /// <summary>What is bound to one process. Leases are a linked list: a grant to a process allocates nothing more.</summary>
    private struct Bound
    {
        public Lease? FirstLease;
        public HashSet<Waiter>? Waiters;
    }
}
