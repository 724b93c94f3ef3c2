using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Transports;
using Klock.Client.Places;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Cli.Options;

/// <summary>The options that most verbs share.</summary>
internal static class CommonOptions
{
    public static readonly Flag Json = new("--json", "Answer in JSON, as the HTTP interface does");

    private static readonly Option<string?> _server = new("--server")
    {
        Description = "Talk to this server, as in http://127.0.0.1:3100; several of one cluster with commas between them "
            + $"[env: {AddressChooser.ServerVariable}]",
        HelpName = "URL",
    };

    private static readonly Option<string?> _socket = new("--socket")
    {
        Description = $"Talk to the server on this Unix socket [env: {AddressChooser.SocketVariable}]", HelpName = "PATH",
    };

    private static readonly Option<string?> _storage = new("--storage")
    {
        Description = $"Use this store: auto, or as in sqlite:/path/klock.db [env: {AddressChooser.StorageVariable}]", HelpName = "STORE",
    };

    /// <summary>Adds <c>--json</c> and the options that choose where the state is.</summary>
    public static void AddTo(Command command)
    {
        command.Add(Json);
        command.Add(_server);
        command.Add(_socket);
        command.Add(_storage);
    }

    /// <summary>Where the state is: by the options, else by the environment, else by the place of what is asked about.</summary>
    /// <param name="result">The options.</param>
    /// <param name="asked">What is asked about; if nothing has a place of its own, the working directory counts.</param>
    /// <exception cref="CliFailure">Options contradict each other, what is asked about is in two places, or there is no place.</exception>
    public static Address AddressOf(ParseResult result, IEnumerable<Named> asked)
    {
        string? server = result.GetValue(_server), socket = result.GetValue(_socket), storage = result.GetValue(_storage);
        if ((server is null ? 0 : 1) + (socket is null ? 0 : 1) + (storage is null ? 0 : 1) > 1)
        {
            throw CliFailure.Usage("--server, --socket and --storage exclude each other: say one of them.");
        }

        var here = WorkingDirectory.Current();
        return AddressChooser.Given(server, socket, storage, name => $"--{name} says so", here)
            ?? AddressChooser.FromEnvironment(Environment.GetEnvironmentVariable, here)
            ?? AddressTransports.WithServer(PlaceOf(asked));
    }

    /// <summary>A transport to it.</summary>
    /// <param name="result">The options.</param>
    /// <param name="asked">What is asked about.</param>
    /// <param name="binding">Whose end ends the leases, on a store.</param>
    /// <param name="makesStore">Whether a store is made where there is none; else an empty one in memory answers for it.</param>
    public static ITransport OpenTransport(
        ParseResult result, IEnumerable<Named> asked, LeaseBinding binding = default, bool makesStore = true)
    {
        Address address = AddressOf(result, asked);
        ITransport transport = address.Kind == AddressKind.Socket
            ? new RechosenTransport(address, () => AddressOf(result, asked), binding)
            : makesStore ? address.Open(binding)
            : address.OpenAsItIs(binding);
        return NamespaceOption.Through(transport, result, asked);
    }

    // All leases are granted or none, which only one store can do.
    private static StorePlace PlaceOf(IEnumerable<Named> asked)
    {
        Location? here = null;
        (Named Named, StorePlace Place)? first = null;
        foreach (Named one in asked)
        {
            StorePlace place = Needed(one.Location ?? (here ??= Here()));
            first ??= (one, place);
            if (first.Value.Place != place)
            {
                throw CliFailure.Usage(
                    $"{first.Value.Named} belongs to the store {first.Value.Place.Storage}, {one} to {place.Storage}: take one after the "
                    + "other, or name one store for both with --storage.");
            }
        }

        return first?.Place ?? Needed(Here());
    }

    private static Location Here() => Locator.Here(cwd: null, Environment.GetEnvironmentVariable);

    private static StorePlace Needed(Location location) => location.Place
        ?? throw CliFailure.Usage($"there is no default store, because {UserHome.Variable} is not set: say --storage or --server.");
}
