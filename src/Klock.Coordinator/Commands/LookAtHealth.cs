using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Counts what is in a store, for callers who need the figures and no JSON.</summary>
internal sealed class LookAtHealth : IStoreCommand
{
    /// <summary>What was found, once it has run.</summary>
    public StoreHealth Found { get; private set; }

    /// <summary>Counts what is in a table.</summary>
    public static StoreHealth Of(LeaseTable table, long nowMs) =>
        new(table.CountActive(nowMs), table.CountWaiting(nowMs), table.AgentCount, table.Sequence);

    public void Run(LeaseTable table, long nowMs, LocalWaits waits) => Found = Of(table, nowMs);
}
