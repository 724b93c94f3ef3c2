using Klock.Client.Files;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Server.Startup;

namespace Klock.Server.Hosting;

/// <summary>Which store is served, and how it stands to the one that the command line uses where the server is started.</summary>
internal static class ServedStore
{
    private const string SqlitePrefix = "sqlite:";

    /// <summary>The store that <c>--storage</c> means.</summary>
    /// <exception cref="StartFailure"><c>auto</c> cannot be told.</exception>
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
    /// Sees that a default place's socket leads to the store of that place: whoever finds it there takes it for just that.
    /// </summary>
    /// <exception cref="StartFailure">It would lead to another.</exception>
    public static void RefuseStrangeSocket(string socket, string storage)
    {
        if (PlaceOf(socket) is { } place && !IsSame(storage, place.Storage))
        {
            throw new StartFailure(
                $"--socket is '{socket}', where klock expects the store {place.Storage}, and --storage is {storage}: it must be that "
                + "store (--storage auto from within the repository), or the socket another.");
        }
    }

    /// <summary>What the command line uses in the repository that the server is started in, if that is another store; else null.</summary>
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
            // The command line is refused there.
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
            throw new StartFailure($"--socket is '{socket}', and whose place that is cannot be told: {unknown.Message}.", unknown);
        }
    }

    // Where clients find a server is no store that it could serve.
    private static string? EnvironmentOfAServer(string name) =>
        name is AddressChooser.ServerVariable or AddressChooser.SocketVariable ? null : Environment.GetEnvironmentVariable(name);

    private static bool IsSame(string one, string other) => FileOf(one) == FileOf(other);

    private static string FileOf(string storage) => storage.StartsWith(SqlitePrefix, StringComparison.Ordinal)
        ? RealPath.Resolve(Path.GetFullPath(storage[SqlitePrefix.Length..].Split('?')[0]))
        : storage;
}
