using Klock.Cli.Failures;
using Klock.Client;
using Klock.Client.Places;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;

namespace Klock.Cli.Transports;

/// <summary>A coordinator in this process, on a store that other processes share.</summary>
/// <param name="storage">Which store.</param>
/// <param name="group">Leases last as long as this process and this process group, whichever ends last, unless they are released before;
/// 0 binds them to nothing: a one-shot acquire is meant to outlive its process.</param>
internal sealed class LocalTransport(string storage, int group) : ITransport
{
    private readonly LeaseCoordinator _coordinator = Open(storage, group);

    public bool IsServer => false;

    public LeaseClock Clock => LeaseClock.Monotonic;

    public Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        var reply = new Reply();
        if (_coordinator.Begin(operation, request.Span, reply) is { } wait)
        {
            Wait(wait, reply, cancel);
        }

        return new Answer(reply);
    }

    public void Dispose() => _coordinator.Dispose();

    private static LeaseCoordinator Open(string storage, int group)
    {
        try
        {
            return LocalStores.Open(
                storage, TimeProvider.System, KernelRandom.Shared, bindsLeases: group != 0, keepsLog: true, processGroup: group,
                root: StoreRoots.Of(root: null, cwd: null, Environment.GetEnvironmentVariable, TimeProvider.System));
        }
        catch (KlockException problem)
        {
            throw CliFailure.Of(problem.Code, problem.Message, problem);
        }
    }

    // A store that processes share is checked every few ms, and the token with it.
    private void Wait(PendingWait wait, Reply reply, CancellationToken cancel)
    {
        while (!_coordinator.TryFinish(wait, reply, out TimeSpan block))
        {
            if (cancel.IsCancellationRequested)
            {
                _coordinator.Cancel(wait);
                cancel.ThrowIfCancellationRequested();
            }

            wait.Block(block);
        }
    }
}
