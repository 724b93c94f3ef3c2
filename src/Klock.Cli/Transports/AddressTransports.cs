using System.Net.Sockets;
using Klock.Agents.Leases;
using Klock.Cli.Failures;
using Klock.Client.Places;
using Klock.Coordinator;
using Klock.Storage.Sqlite;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Cli.Transports;

/// <summary>Opens a transport to where the state is.</summary>
internal static class AddressTransports
{
    private const string SqlitePrefix = "sqlite:";

    /// <summary>If a server listens beside a default store, it is used, since it has the store in memory.</summary>
    public static Address WithServer(StorePlace place) =>
        File.Exists(place.Socket) && Answers(place.Socket)
            ? new Address(AddressKind.Socket, place.Socket, "a server listens beside the default store")
            : AddressChooser.Default(place);

    /// <summary>A transport.</summary>
    /// <param name="address">Where the state is.</param>
    /// <param name="binding">Whose end ends the leases, on a store.</param>
    /// <exception cref="CliFailure">It cannot be used.</exception>
    public static ITransport Open(this Address address, LeaseBinding binding) => address.Kind switch
    {
        AddressKind.Server => OpenServers(address.Text),
        AddressKind.Socket => HttpTransport.ToSocket(address.Text),
        _ => OpenStore(address, binding),
    };

    /// <summary>The same without a trace: where there is no store yet, an empty one in memory answers.</summary>
    /// <exception cref="CliFailure">It cannot be used.</exception>
    public static ITransport OpenAsItIs(this Address address, LeaseBinding binding) =>
        IsStillToBeMade(address) ? new LocalTransport(OpenOptions.Memory, binding) : address.Open(binding);

    /// <summary>Whether it is a store in a file that is not there.</summary>
    public static bool IsMissing(this Address address) =>
        address.Kind == AddressKind.Storage && address.Text.StartsWith(SqlitePrefix, StringComparison.Ordinal)
            && !SqliteStores.IsThere(address.Text[SqlitePrefix.Length..]);

    private static ITransport OpenServers(string text)
    {
        string[] urls = ServerList.Split(text);
        return urls.Length == 1
            ? HttpTransport.ToServer(text)
            : new SeveralServers([.. urls.Select((_, index) => HttpTransport.ToOneOf(urls, index))]);
    }

    // A file in a folder that is not there could not be made either: opening it says so.
    private static bool IsStillToBeMade(Address address) => address.IsMissing()
        && (address.Place is not null || Path.Exists(Path.GetDirectoryName(address.Text[SqlitePrefix.Length..].Split('?')[0])));

    private static LocalTransport OpenStore(Address address, LeaseBinding binding)
    {
        if (address.Text == OpenOptions.Memory)
        {
            throw CliFailure.Usage(
                "a store in memory ends with this command and would protect nothing: name a file, sqlite:<path>, or a server.");
        }

        if (SharedStorage.EngineOf(address.Text) is { } engine)
        {
            throw CliFailure.Usage(
                $"storage is in {engine}, which klock reaches through a server: start klock serve --storage "
                + $"{address.Text.Split(':')[0]}:..., and name it with --server.");
        }

        if (!address.Text.StartsWith(SqlitePrefix, StringComparison.Ordinal))
        {
            throw CliFailure.Usage(
                "storage is of an unknown kind: it must be auto or sqlite:<path>; any other is reached through a server, with --server.");
        }

        if (address.Place is { } place)
        {
            StoreFolder.Make(place.Folder);
        }

        return new LocalTransport(address.Text, binding);
    }

    // A server that was killed leaves its socket behind.
    private static bool Answers(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return false;
        }
    }
}
