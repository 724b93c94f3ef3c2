using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;

namespace Klock.Storage.Tests.Harness;

/// <summary>State that lives and dies with the coordinator.</summary>
public sealed class MemoryKind : IStoreKind
{
    public LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids) => LocalStores.Open(OpenOptions.Memory, time, ids);

    public void Dispose()
    {
        // Nothing is left behind.
    }
}
