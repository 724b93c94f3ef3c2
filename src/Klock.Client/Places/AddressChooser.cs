using Klock.Coordinator.Protocol;

namespace Klock.Client.Places;

/// <summary>Decides where the state is: by the options, else by the environment, else the default store of a place.</summary>
public static class AddressChooser
{
    /// <summary>The variable with a server's URL.</summary>
    public const string ServerVariable = "KLOCK_SERVER";

    /// <summary>The variable with the path of a server's Unix socket.</summary>
    public const string SocketVariable = "KLOCK_SOCKET";

    /// <summary>The variable with a store.</summary>
    public const string StorageVariable = "KLOCK_STORAGE";

    /// <summary>The value of a storage option that leaves the decision to this class.</summary>
    public const string Auto = "auto";

    private const string SqlitePrefix = "sqlite:";

    /// <summary>The address that options give; null when they give none.</summary>
    /// <param name="server">A server's URL.</param>
    /// <param name="socket">The path of a server's socket.</param>
    /// <param name="storage">A store; <c>auto</c> counts as none.</param>
    /// <param name="why">The reason, for the name of an option.</param>
    /// <param name="folder">Relative paths count from here.</param>
    public static Address? Given(string? server, string? socket, string? storage, Func<string, string> why, WorkingDirectory folder)
    {
        ArgumentNullException.ThrowIfNull(why);
        ArgumentNullException.ThrowIfNull(folder);
        return !string.IsNullOrEmpty(server) ? new Address(AddressKind.Server, server, why("server"))
            : !string.IsNullOrEmpty(socket) ? new Address(AddressKind.Socket, Path.GetFullPath(folder.Absolute(socket)), why("socket"))
            : !string.IsNullOrEmpty(storage) && storage != Auto
                ? new Address(AddressKind.Storage, Absolute(storage, folder), why("storage"))
            : null;
    }

    /// <summary>The address that the environment gives; null when it gives none.</summary>
    public static Address? FromEnvironment(Func<string, string?> environment, WorkingDirectory folder)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return Given(
            environment(ServerVariable), environment(SocketVariable), environment(StorageVariable),
            name => $"KLOCK_{name.ToUpperInvariant()} says so", folder);
    }

    /// <summary>The default store of a place.</summary>
    public static Address Default(StorePlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return new Address(AddressKind.Storage, place.Storage, place.IsRepository
            ? "it is the store of this git repository, which all its work trees and submodules share"
            : "this is in no git repository, so it is your own store") { Place = place };
    }

    /// <summary>The same for a caller that opens stores and uses no server.</summary>
    /// <remarks>A server on the socket of a default place serves the store of that place, so the store will do as well.</remarks>
    /// <exception cref="KlockException">The socket's folder cannot be read.</exception>
    internal static Address WithoutServer(Address address, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            return address.Kind == AddressKind.Socket && StorePlace.OfSocket(address.Text, environment) is { } place
                ? new Address(AddressKind.Storage, place.Storage, address.Why) { Place = place }
                : address;
        }
        catch (IOException failure)
        {
            throw new KlockException(ErrorCode.StorageUnavailable, $"The socket {failure.Message}.", failure);
        }
    }

    private static string Absolute(string storage, WorkingDirectory folder)
    {
        if (!storage.StartsWith(SqlitePrefix, StringComparison.Ordinal))
        {
            return storage;
        }

        string path = storage[SqlitePrefix.Length..];
        int mark = path.IndexOf('?', StringComparison.Ordinal);
        string file = mark < 0 ? path : path[..mark];
        return string.IsNullOrWhiteSpace(file) || file.Contains('\0', StringComparison.Ordinal) ? storage
            : $"{SqlitePrefix}{Path.GetFullPath(folder.Absolute(file))}{(mark < 0 ? "" : path[mark..])}";
    }
}
