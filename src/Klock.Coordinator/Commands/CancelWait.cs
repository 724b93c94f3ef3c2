using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Removes a request whose caller went away from the queue. It has no answer: nobody is there to read it.</summary>
/// <remarks>
/// The request may have been granted just before. Nobody knows its new leases, so they are released; not if it has a request id, since
/// another caller with the same id may have got them. A change of a lease stays: its holder knows the lease.
/// </remarks>
internal sealed class CancelWait(Waiter waiter) : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits)
    {
        table.CancelWait(waiter.Id, nowMs);
        if (waiter.IsChange || waiter.RequestId is not null)
        {
            return;
        }

        foreach (Lease lease in table.FindGranted(waiter))
        {
            table.Release(lease.Id, nowMs);
        }
    }
}
