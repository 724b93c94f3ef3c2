using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Stores;

// The commands that a store runs by itself.

/// <summary>Does what is due, and nothing else.</summary>
internal sealed class DoWhatIsDue : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.Advance(nowMs);
}

/// <summary>Does at most so much of what is due: all at once may be more than fits into one batch. Sends a keep-alive with it for all that
/// waits through this store object: until all is done nobody else may.</summary>
internal sealed class DoSomeOfWhatIsDue(int most) : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits)
    {
        long before = table.Sequence;
        table.Advance(nowMs, most);
        if (table.Sequence > before && !waits.IsEmpty)
        {
            table.KeepWaitsAlive(waits.OwnerId);
        }
    }
}

/// <summary>Does what is due, and emits the refusals that wait for an event to ride with: somebody reads.</summary>
internal sealed class TellRefusals : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits)
    {
        table.Advance(nowMs);
        table.FlushRefusals();
    }
}

/// <summary>Reads. What is overdue is ended first, not only hidden: nobody else may find it active after this answer.</summary>
internal sealed class Reading(IStoreCommand reading) : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits)
    {
        table.Advance(nowMs);
        reading.Run(table, nowMs, waits);
    }
}

/// <summary>Sends a keep-alive for all that waits through this store object.</summary>
internal sealed class KeepWaitsAlive : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.KeepWaitsAlive(waits.OwnerId, nowMs);
}

/// <summary>Ends all that waits through this store object, which is being closed.</summary>
internal sealed class CloseWaits : IStoreCommand
{
    public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.CloseWaits(waits.OwnerId, nowMs);
}
