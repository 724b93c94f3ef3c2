using System.Text.Json;
using Klock.Agents.Leases;
using Klock.Client;
using Klock.Client.Places;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Server.Mcp;

/// <summary>The leases of the places that a client's agents have something in, opened once. Thread-safe.</summary>
/// <param name="binding">Whose end ends the leases.</param>
/// <param name="environment">Gives a variable; null when it is not set.</param>
internal sealed class LocalPlaces(LeaseBinding binding, Func<string, string?> environment) : IDisposable
{
    private const string SqlitePrefix = "sqlite:";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ILeases> _leases = new(StringComparer.Ordinal);
    private readonly List<LeaseCoordinator> _opened = [];

    /// <summary>
    /// The leases of a place: of the store or server that the environment names, else of the place's own file, as hooks do. Disposing it
    /// does nothing.
    /// </summary>
    /// <exception cref="KlockException">It cannot be used.</exception>
    public ILeases Of(StorePlace place)
    {
        Address address = AddressChooser.FromEnvironment(environment, WorkingDirectory.Current()) ?? AddressChooser.Default(place);
        lock (_lock)
        {
            if (!_leases.TryGetValue(address.Text, out ILeases? leases))
            {
                leases = address.Kind == AddressKind.Storage ? OpenStore_NeedsLock(address) : OpenServer_NeedsLock(address);
                _leases.Add(address.Text, leases);
            }

            return leases;
        }
    }

    /// <summary>Closes all of them.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _opened.ForEach(each => each.Dispose());
        }
    }

    private CoordinatorLeases OpenStore_NeedsLock(Address address)
    {
        if (!address.Text.StartsWith(SqlitePrefix, StringComparison.Ordinal))
        {
            throw new KlockException(
                ErrorCode.InvalidRequest,
                $"{AddressChooser.StorageVariable} is {SharedStorage.Shown(address.Text)}, which no hook could see: it must be "
                    + $"{SqlitePrefix}<path>; any other store is reached through a server, with {AddressChooser.ServerVariable}.");
        }

        if (address.Place is { } place)
        {
            StoreFolder.Make(place.Folder);
        }

        LeaseCoordinator coordinator = LocalStores.Open(
            address.Text, TimeProvider.System, KernelRandom.Shared, binding,
            root: StoreRoots.Of(root: null, cwd: null, environment, TimeProvider.System));
        _opened.Add(coordinator);
        return new CoordinatorLeases(
            new LocalCoordinator(coordinator, scope: null, () => { }), Location.Said(environment));
    }

    private CoordinatorLeases OpenServer_NeedsLock(Address address)
    {
        ICoordinator server = Connect(address);
        return new CoordinatorLeases(server, Location.Said(environment) ?? NamespaceOn(server));
    }

    private ICoordinator Connect(Address address)
    {
        string[] urls = ServerList.Split(address.Text);
        return address.Kind == AddressKind.Socket || urls.Length == 1
            ? new RemoteCoordinator(address, environment)
            : new SeveralRemotes([.. urls.Select((_, index) => RemoteCoordinator.ToOneOf(urls, index, environment))]);
    }

    private string? NamespaceOn(ICoordinator server)
    {
        (JsonElement health, Outcome outcome) = server.Ask(Operation.Health, "{}"u8.ToArray(), CancellationToken.None);
        if (!outcome.IsSuccess)
        {
            // It is asked again at the next call: what it would say counts for as long as this process lives.
            throw new KlockException(
                outcome.Error ?? ErrorCode.Internal,
                health.TryGetProperty("error", out JsonElement said) ? $"The server says: {said.GetString()}" : "The server fails.");
        }

        return health.TryGetProperty("data", out JsonElement data) && data.TryGetProperty("namespace_by", out JsonElement by)
            && by.GetString() == "repository"
            ? Locator.Here(cwd: null, environment).NamespaceOfRepository() ?? throw new KlockException(
                ErrorCode.InvalidRequest,
                "the server keeps repositories apart, and this is in none that has an origin or a commit: set KLOCK_NAMESPACE.")
            : null;
    }
}
