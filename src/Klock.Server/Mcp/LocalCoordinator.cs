using System.Text.Json;
using Klock.Agents.Leases;
using Klock.Coordinator;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;

namespace Klock.Server.Mcp;

/// <summary>A coordinator in this process, which others use too.</summary>
/// <param name="coordinator">The coordinator; not owned.</param>
/// <param name="scope">The namespaces that may be used; null for all.</param>
/// <param name="answered">Called after each answer: there may be new events.</param>
internal sealed class LocalCoordinator(LeaseCoordinator coordinator, NamespaceScope? scope, Action answered)
    : ICoordinator
{
    public (JsonElement Json, Outcome Outcome) Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        var reply = new Reply();
        try
        {
            if (coordinator.Begin(operation, request.Span, reply, scope) is { } wait)
            {
                // Of a wait others must know before it is over.
                answered();
                coordinator.Wait(wait, reply, cancel);
            }
        }
        finally
        {
            answered();
        }

        return (JsonDocument.Parse(reply.Text).RootElement, reply.Outcome);
    }

    public void Dispose()
    {
        // It lives as long as the process.
    }
}
