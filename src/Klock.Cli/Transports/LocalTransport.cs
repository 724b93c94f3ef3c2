using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Client;
using Klock.Client.Places;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Cli.Transports;

/// <summary>A coordinator in this process, on a store that other processes share.</summary>
/// <param name="storage">Which store.</param>
/// <param name="binding">Whose end ends the leases; nobody's for a one-shot acquire, which is meant to outlive its process.</param>
internal sealed class LocalTransport(string storage, LeaseBinding binding) : ITransport
{
    private readonly LeaseCoordinator _coordinator = Open(storage, binding);

    public bool IsServer => false;

    public LeaseClock Clock => LeaseClock.Monotonic;

    public Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        var reply = new Reply();
        if (_coordinator.Begin(operation, request.Span, reply) is { } wait)
        {
            _coordinator.Wait(wait, reply, cancel);
        }

        return new Answer(reply);
    }

    public void Dispose() => _coordinator.Dispose();

    private static LeaseCoordinator Open(string storage, LeaseBinding binding)
    {
        try
        {
            return LocalStores.Open(
                storage, TimeProvider.System, KernelRandom.Shared, binding, keepsLog: true,
                root: StoreRoots.Of(root: null, cwd: null, Surroundings.Variable, TimeProvider.System));
        }
        catch (KlockException problem)
        {
            throw CliFailure.Of(problem.Code, problem.Message, problem);
        }
    }
}
