using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Releases all leases of a session at once, and ends its waits.</summary>
internal sealed class EndSession(ReadOnlySpan<byte> request) : SessionCommand(request)
{
    protected override string Counted => "released";

    protected override int Run(LeaseTable table, string agentId, string sessionId, long nowMs) =>
        table.EndSession(agentId, sessionId, nowMs);
}
