using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Storage.Sqlite;

// The commands that a store runs by itself.

/// <summary>Sends a keep-alive for all that waits through this store object, and does what is due.</summary>
internal sealed class KeepWaitsAlive : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.KeepWaitsAlive(waits.OwnerId, nowMs);
}

/// <summary>Ends what is overdue, and emits the events of refusals, which are deferred until there is a write.</summary>
internal sealed class DoWhatIsDue : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits)
    {
        table.Advance(nowMs);
        table.FlushRefusals();
    }
}

/// <summary>Ends all that waits through this store object, which is being closed.</summary>
internal sealed class CloseWaits : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.CloseWaits(waits.OwnerId, nowMs);
}
