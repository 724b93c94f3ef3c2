using Klock.Client.Files;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Server.Startup;

namespace Klock.Server.Hosting;

/// <summary>Which store is served, and whether the command line, used where the server is started, would use the same.</summary>
internal static class ServedStore
{
    private const string SqlitePrefix = "sqlite:";

    /// <summary>The store that <c>--storage</c> names.</summary>
    /// <exception cref="StartFailure"><c>auto</c> cannot be resolved.</exception>
    public static string Resolve(string storage)
    {
        try
        {
            return storage == AddressChooser.Auto ? AutoStorage.Prepare(cwd: null, EnvironmentOfAServer) : storage;
        }
        catch (KlockException unknown)
        {
            throw new StartFailure(unknown.Message, unknown);
        }
    }

    /// <summary>
    /// Ensures that the socket of a default place leads to the store of that place: clients that find it rely on that.
    /// </summary>
    /// <exception cref="StartFailure">It would lead to another store.</exception>
    public static void RefuseStrangeSocket(string socket, string storage)
    {
        if (PlaceOf(socket) is { } place && !IsSame(storage, place.Storage))
        {
            throw new StartFailure(
                $"--socket is '{socket}', where klock expects the store {place.Storage}, and --storage is "
                + $"{SharedStorage.Shown(storage)}: it must be that store (--storage auto from within the repository), or the "
                + "socket another.");
        }
    }

    /// <summary>The store that the command line uses in the repository where the server is started, if another one; else null.</summary>
    public static string? OtherStoreHere(string storage)
    {
        try
        {
            Location here = Locator.Here(cwd: null, EnvironmentOfAServer);
            return here.Place is { IsRepository: true } && AutoStorage.Choose(here, cwd: null, EnvironmentOfAServer) is { } used
                && !IsSame(storage, used.Text)
                ? used.Text
                : null;
        }
        catch (KlockException)
        {
            // The command line is refused there too.
            return null;
        }
    }

    private static StorePlace? PlaceOf(string socket)
    {
        try
        {
            return StorePlace.OfSocket(socket, Environment.GetEnvironmentVariable);
        }
        catch (IOException unknown)
        {
            throw new StartFailure($"--socket is '{socket}', and whose place that is cannot be determined: {unknown.Message}.", unknown);
        }
    }

    // The variables with a server's address name no store that could be served.
    private static string? EnvironmentOfAServer(string name) =>
        name is AddressChooser.ServerVariable or AddressChooser.SocketVariable ? null : Environment.GetEnvironmentVariable(name);

    private static bool IsSame(string one, string other) => FileOf(one) == FileOf(other);

    private static string FileOf(string storage) => storage.StartsWith(SqlitePrefix, StringComparison.Ordinal)
        ? RealPath.Resolve(Path.GetFullPath(storage[SqlitePrefix.Length..].Split('?')[0]))
        : storage;
}
