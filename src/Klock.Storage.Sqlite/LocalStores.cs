using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores;

namespace Klock.Storage.Sqlite;

/// <summary>The stores that need no server: memory, and an SQLite file.</summary>
public static class LocalStores
{
    private const string SqlitePrefix = "sqlite:";

    /// <summary>Opens a coordinator on the store that a <c>storage</c> option names.</summary>
    /// <param name="storage"><c>memory</c> or <c>sqlite:&lt;path&gt;[?synchronous=normal]</c>; the file's directory must exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ids">Where lease ids come from.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: no such kind of store.
    /// <see cref="ErrorCode.StorageUnavailable"/>: the file cannot be used.</exception>
    public static LeaseCoordinator Open(string storage, TimeProvider time, ILeaseIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(ids);
        IStore store = storage == OpenOptions.Memory ? new MemoryStore(time, ids.Next())
            : storage.StartsWith(SqlitePrefix, StringComparison.Ordinal)
                ? new SqliteStore(SqliteLocation.Parse(storage[SqlitePrefix.Length..]), time, ids.Next())
            : throw new KlockException(ErrorCode.InvalidRequest, "storage is of an unknown kind: it must be memory or sqlite:<path>.");
        return new LeaseCoordinator(store, ids);
    }
}
