using Klock.Client.Places;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Client;

/// <summary>Opens the store that options name, with the root that follows from where it is opened.</summary>
public static class Stores
{
    /// <summary>Opens a coordinator on the store that options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ids">Where lease ids come from.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: no such kind of store, or the environment names a server.
    /// <see cref="ErrorCode.StorageUnavailable"/>: it cannot be used, or its repository cannot be determined.</exception>
    public static LeaseCoordinator Open(
        OpenOptions options, Func<string, string?> environment, TimeProvider time, ILeaseIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(options);
        string storage = options.Storage == AddressChooser.Auto ? AutoStorage.Prepare(options.Cwd, environment) : options.Storage;
        return LocalStores.Open(
            storage, time, ids, options.BindToProcess ? LeaseBinding.ToThisProcess() : LeaseBinding.None,
            root: StoreRoots.Of(options.Root, options.Cwd, environment, time));
    }
}
