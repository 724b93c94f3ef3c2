using System.Buffers;
using Klock.Cli.Output;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Waits;
using Klock.Storage.Sqlite;

namespace Klock.Cli.Doors;

/// <summary>A coordinator in this process, on a store that other processes share.</summary>
/// <remarks>
/// Its leases are not bound to this process. A one-shot acquire is meant to outlive it; and when `klock run` is killed, its command
/// lives until the guard has been given a processor to kill it: the lease must not go to somebody else before that.
/// </remarks>
internal sealed class LocalDoor(string storage) : IDoor
{
    private readonly LeaseCoordinator _coordinator = LocalStores.Open(
        storage, TimeProvider.System, KernelRandom.Shared, keepsLog: true);

    public Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        var answer = new ArrayBufferWriter<byte>();
        if (_coordinator.Begin(operation, request.Span, answer) is { } wait)
        {
            Wait(wait, answer, cancel);
        }

        return new Answer(answer.WrittenMemory);
    }

    public void Dispose() => _coordinator.Dispose();

    // A store that processes share is looked at every few ms, and the token with it.
    private void Wait(PendingWait wait, ArrayBufferWriter<byte> answer, CancellationToken cancel)
    {
        while (!_coordinator.TryFinish(wait, answer, out TimeSpan block))
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
