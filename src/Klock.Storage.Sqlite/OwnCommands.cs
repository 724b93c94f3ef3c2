using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Storage.Sqlite;

// What a store has to do that no request asks for.

/// <summary>A sign of life for all that waits through this store object, and what is due.</summary>
internal sealed class KeepWaitsAlive : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.KeepWaitsAlive(waits.OwnerId, nowMs);
}

/// <summary>Ends what is overdue, and tells the refusals that wait for an event to ride with.</summary>
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
