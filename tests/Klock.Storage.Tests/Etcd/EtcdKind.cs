using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Storage.Etcd;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Etcd;

/// <summary>State in a real etcd, under a prefix of its own: every coordinator on it has a store of its own.</summary>
public sealed class EtcdKind : IStoreKind
{
    private readonly EtcdAddress _address = Patient(EtcdMember.Shared.NewAddress());

    public LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new LeaseCoordinator(Open(_address, time, ids.Next()), ids);
    }

    public void Dispose()
    {
        // It goes with the member.
    }

    /// <summary>Opens one.</summary>
    internal static IStore Open(EtcdAddress address, TimeProvider time, LeaseId ownerId) =>
        new ReplicatedStore(new EtcdJournal(address), time, ownerId);

    /// <summary>An address where a slow answer is no failure: the machine that tests has more to do.</summary>
    internal static EtcdAddress Patient(string address)
    {
        EtcdAddress read = EtcdAddress.Parse(address);
        return read with { Options = read.Options with { LongestCall = TimeSpan.FromSeconds(30) } };
    }
}
