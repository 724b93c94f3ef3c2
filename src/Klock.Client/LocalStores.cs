using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Storage.Sqlite;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Client;

/// <summary>The stores that need no server: memory, and an SQLite file.</summary>
public static class LocalStores
{
    private const string SqlitePrefix = "sqlite:";

    /// <summary>Opens a coordinator on the store that a <c>storage</c> option names.</summary>
    /// <param name="storage"><c>memory</c> or <c>sqlite:&lt;path&gt;[?options]</c>; the file's directory must exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ids">Where lease ids come from.</param>
    /// <param name="binding">Whose end ends the leases in a file that are asked for through it.</param>
    /// <param name="keepsLog">Whether a file's log, while it is short, stays beside it when the last process closes it, instead of being
    /// written back: for a process that runs one command and ends, since writing it back takes longer than that.</param>
    /// <param name="root">Which absolute paths its relative names stand for; null for none.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: no such kind of store.
    /// <see cref="ErrorCode.StorageUnavailable"/>: the file cannot be used.</exception>
    public static LeaseCoordinator Open(
        string storage, TimeProvider time, ILeaseIdSource ids, LeaseBinding binding = default, bool keepsLog = false,
        StoreRoot? root = null)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(ids);
        IStore store = storage == OpenOptions.Memory ? new MemoryStore(time, ids.Next())
            : storage.StartsWith(SqlitePrefix, StringComparison.Ordinal)
                ? SqliteStores.Open(storage[SqlitePrefix.Length..], time, ids.Next(), binding, keepsLog)
            : throw new KlockException(ErrorCode.InvalidRequest, "storage is of an unknown kind: it must be memory or sqlite:<path>.");
        return new LeaseCoordinator(store, ids, root);
    }
}
