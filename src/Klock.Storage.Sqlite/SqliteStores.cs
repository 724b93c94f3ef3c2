using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Storage.Sqlite;

/// <summary>Opens stores in files.</summary>
public static class SqliteStores
{
    /// <summary>Whether there is a file. Opening would make one otherwise.</summary>
    /// <param name="location">As <see cref="Open"/> takes it.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: an unknown option.</exception>
    public static bool IsThere(string location) => Path.Exists(SqliteLocation.Parse(location).Path);

    /// <summary>Opens a store, and creates the file if it is not there.</summary>
    /// <param name="location"><c>path[?options]</c>; the file's directory must exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ownerId">The id under which this store object waits: 128 random bits.</param>
    /// <param name="binding">Whose end ends the leases that are asked for through it.</param>
    /// <param name="keepsLog">Whether the file's log, while it is short, stays beside it when the last process closes it, instead of being
    /// written back: for a process that runs one command and ends, since writing it back takes longer than that.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: an unknown option.
    /// <see cref="ErrorCode.StorageUnavailable"/>: the file cannot be used.</exception>
    public static IStore Open(
        string location, TimeProvider time, LeaseId ownerId, LeaseBinding binding = default, bool keepsLog = false) =>
        new SqliteStore(
            SqliteLocation.Parse(location) with { KeepsLog = keepsLog }, time, ownerId,
            HolderProcess.Of(binding));
}
