using System.Runtime.InteropServices;
using Klock.Kernel.Leases;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>Leases that are bound to a process, and end with it. Whether a process is gone is the store's to know.</summary>
public sealed partial class LeaseTable
{
    private readonly Dictionary<LeaseId, int> _bound = [];

    /// <summary>The processes that a lease or a wait is bound to, in no particular order.</summary>
    public IReadOnlyCollection<LeaseId> BoundProcesses => _bound.Keys;

    /// <summary>Ends all that is bound to a process that is gone: its waits first, then its leases, as if their time were over.</summary>
    /// <returns>How many leases ended.</returns>
    public int EndBound(LeaseId process, long nowMs)
    {
        Advance(nowMs);
        if (!_bound.ContainsKey(process))
        {
            return 0;
        }

        foreach (Waiter waiter in _waiters.Values.Where(waiter => waiter.BoundTo == process).OrderBy(waiter => waiter.Number).ToList())
        {
            EndWait(waiter, WaitOutcome.OwnerGone);
        }

        List<Lease> leases = [.. _leases.Values.Where(lease => lease.BoundTo == process).OrderBy(lease => lease.FencingToken)];
        foreach (Lease lease in leases)
        {
            End(lease, LeaseState.Expired);
        }

        Settle();
        return leases.Count;
    }

    private void CountBound(LeaseId process, int change)
    {
        if (process == default)
        {
            return;
        }

        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_bound, process, out _);
        count += change;
        Invariant.Require(count >= 0, "a count of what is bound to a process is not negative");
        if (count == 0)
        {
            _bound.Remove(process);
        }
    }
}
