using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;

namespace Klock.Storage.Etcd;

/// <summary>Opens stores whose state is in an etcd cluster, where many servers share it.</summary>
public static class EtcdStores
{
    /// <summary>What the name of such a store begins with.</summary>
    public const string Prefix = "etcd:";

    /// <summary>Makes a store. The cluster is asked for nothing before the first command.</summary>
    /// <param name="address"><c>http://&lt;host&gt;:&lt;port&gt;[,&lt;host&gt;:&lt;port&gt;…][/&lt;prefix&gt;][?compact=off]</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ownerId">The id under which this store waits and writes: 128 random bits.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: the address cannot be read.</exception>
    public static IStore Open(string address, TimeProvider time, LeaseId ownerId)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new ReplicatedStore(new EtcdJournal(EtcdAddress.Parse(address)), time, ownerId);
    }
}
