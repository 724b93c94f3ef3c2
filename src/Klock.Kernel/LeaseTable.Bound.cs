using Klock.Kernel.Claims;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>Leases that are bound to a process, and end with it. Whether a process is gone is for the store to know.</summary>
public sealed partial class LeaseTable
{
    /// <summary>The processes that a lease or a wait is bound to, in no particular order.</summary>
    public IReadOnlyCollection<LeaseId> BoundProcesses => _bound.Processes;

    /// <summary>Ends all that is bound to a process that is gone: its waits first, then its leases, as if their time were over.</summary>
    /// <returns>How many leases ended.</returns>
    public int EndBound(LeaseId process, long nowMs)
    {
        Advance(nowMs);
        foreach (Waiter waiter in _bound.WaitersOf(process))
        {
            EndWait(waiter, WaitOutcome.OwnerGone);
        }

        List<Lease> leases = _bound.LeasesOf(process);
        foreach (Lease lease in leases)
        {
            End(lease, LeaseState.Expired);
        }

        Settle();
        return leases.Count;
    }
}
