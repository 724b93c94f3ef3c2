using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Replicated;

/// <summary>State in a journal in memory: every coordinator on it has a store of its own.</summary>
public sealed class ReplicatedKind : IStoreKind
{
    private readonly SharedJournal _journal = new();

    public LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids) =>
        new(new ReplicatedStore(_journal.Connect(), time, ids.Next()), ids);

    public void Dispose()
    {
        // Nothing is left behind.
    }
}
