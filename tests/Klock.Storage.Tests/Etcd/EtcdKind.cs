using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Etcd;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Etcd;

/// <summary>State in a real etcd, under a prefix of its own: every coordinator on it has a store of its own.</summary>
public sealed class EtcdKind : IStoreKind
{
    private readonly string _address = EtcdMember.Shared.NewPrefix();

    public LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new LeaseCoordinator(EtcdStores.Open(_address, time, ids.Next()), ids);
    }

    public void Dispose()
    {
        // It goes with the member.
    }
}
