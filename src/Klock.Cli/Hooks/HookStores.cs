using Klock.Agents.Leases;
using Klock.Cli.Failures;
using Klock.Cli.Transports;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Cli.Hooks;

/// <summary>Opens the leases of a place for hooks.</summary>
internal static class HookStores
{
    /// <summary>Whether leases end with a process: not those of a server that the environment names.</summary>
    public static bool CanBind => Named() is null or { Kind: AddressKind.Storage };

    /// <summary>
    /// The store that the environment names, else the place's own file: a server beside it has the very same leases, and only whoever
    /// opens the file can bind them to a process.
    /// </summary>
    /// <param name="place">The place.</param>
    /// <param name="process">The client's process, which leases end with; 0 for none.</param>
    /// <param name="folder">The folder of the event.</param>
    public static ILeases Open(StorePlace place, int process, string folder)
    {
        Address address = Named() ?? AddressChooser.Default(place);
        ITransport transport = address.Open(process == 0 ? LeaseBinding.None : LeaseBinding.ToProcess(process));
        return new CoordinatorLeases(new TransportCoordinator(new NamespacedTransport(
            transport, said: null, Location.Said(Environment.GetEnvironmentVariable), () => Locator
                .Here(folder, Environment.GetEnvironmentVariable).NamespaceOfRepository()
                ?? throw CliFailure.Of(ErrorCode.InvalidRequest,
                    "the server keeps repositories apart, and this is in none that has an origin or a commit: set KLOCK_NAMESPACE."))));
    }

    private static Address? Named() => AddressChooser.FromEnvironment(Environment.GetEnvironmentVariable, WorkingDirectory.Current());
}
