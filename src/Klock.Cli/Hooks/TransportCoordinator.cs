using System.Text.Json;
using Klock.Agents.Leases;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Hooks;

/// <summary>A transport, for the policy of hooks.</summary>
internal sealed class TransportCoordinator(ITransport transport) : ICoordinator
{
    public (JsonElement Json, Outcome Outcome) Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        Answer answer = transport.Ask(operation, request, cancel);
        return (answer.Json, answer.Outcome);
    }

    public void Dispose() => transport.Dispose();
}
