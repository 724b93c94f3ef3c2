using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Leases;

namespace Klock.Coordinator.Commands;

/// <summary>Takes a request off the queue whose caller went away. It has no answer: nobody is there to read it.</summary>
internal sealed class CancelWait(LeaseId waitId) : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.CancelWait(waitId, nowMs);
}
