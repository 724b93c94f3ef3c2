
using Klock.Coordinator.Protocol;

namespace Klock.Client.Places;

/// <summary>What <c>auto</c> stands for in a process that opens stores: the store that <c>klock where</c> shows.</summary>
public static class AutoStorage
{
    /// <summary>Decides: by the environment, else the default store of a place. Creates nothing.</summary>
    /// <param name="location">The place.</param>
    /// <param name="cwd">The base of relative paths in the environment; null for the working directory.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <returns>null when there is nowhere to put a store.</returns>
    /// <exception cref="KlockException">It cannot be determined.</exception>
    public static Address? Choose(Location location, string? cwd, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(location);
        var here = WorkingDirectory.Current();
        here = cwd is null ? here : new WorkingDirectory(here.Absolute(cwd), IsGone: false);
        return AddressChooser.FromEnvironment(environment, here) is { } said ? AddressChooser.WithoutServer(said, environment)
            : location.Place is { } place ? AddressChooser.Default(place)
            : null;
    }

    /// <summary>The store of a folder; the folder of a default store is created.</summary>
    /// <param name="cwd">The folder; null for the working directory.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: the environment names a server, or there is nowhere to
    /// put a store. <see cref="ErrorCode.StorageUnavailable"/>: the store's folder cannot be created, or the store of a repository cannot
    /// be determined.</exception>
    public static string Prepare(string? cwd, Func<string, string?> environment)
    {
        Address address = Choose(Locator.Here(cwd, environment), cwd, environment)
            ?? throw new KlockException(
                ErrorCode.InvalidRequest,
                $"storage is auto, and there is no default store, because {UserHome.Variable} is not set: name a store.");
        if (address.Kind != AddressKind.Storage)
        {
            throw new KlockException(
                ErrorCode.InvalidRequest,
                $"storage is auto, and {address.Why.Split(' ')[0]} names a server, {address.Text}, which is asked over HTTP: use an HTTP "
                + "client, or name a store.");
        }

        if (address.Place is { } place)
        {
            StoreFolder.Make(place.Folder);
        }

        return address.Text;
    }
}
