using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Takes a request off the queue whose caller went away. It has no answer: nobody is there to read it.</summary>
/// <remarks>
/// The request may have been granted just before: nobody knows of its new leases, so they are let go. What has a request id is not, since
/// others may have been told of it who asked for the same; and a change of a lease stays, its holder has the lease.
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
