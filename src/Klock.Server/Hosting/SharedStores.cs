using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;
using Klock.Storage.Etcd;
using Klock.Storage.Postgres;

namespace Klock.Server.Hosting;

/// <summary>Stores that several servers share, by the names of their engines.</summary>
internal static class SharedStores
{
    private static readonly (string Prefix, Func<string, TimeProvider, LeaseId, bool, IStore> Open)[] _engines =
    [
        (EtcdStores.Prefix, OpenEtcd),
        (PostgresStores.Prefix, PostgresStores.Open),
        (PostgresStores.OtherPrefix, PostgresStores.Open),
    ];

    /// <summary>Makes the store that a name names; null when the name is of no such engine.</summary>
    /// <param name="storage">The name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="acceptsRestore">Whether an earlier state is gone on with.</param>
    /// <exception cref="KlockException">The address behind the engine's name cannot be read.</exception>
    public static IStore? TryOpen(string storage, TimeProvider time, bool acceptsRestore) =>
        Array.Find(_engines, engine => storage.StartsWith(engine.Prefix, StringComparison.Ordinal)) is { Open: { } open } found
            ? open(storage[found.Prefix.Length..], time, KernelRandom.Shared.Next(), acceptsRestore)
            : null;

    private static IStore OpenEtcd(string address, TimeProvider time, LeaseId ownerId, bool acceptsRestore) =>
        EtcdStores.Open(address, Environment.GetEnvironmentVariable(EtcdStores.PasswordVariable), time, ownerId, acceptsRestore);
}
