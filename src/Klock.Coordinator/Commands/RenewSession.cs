using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Renews all leases of a session at once.</summary>
internal sealed class RenewSession(ReadOnlySpan<byte> request) : SessionCommand(request)
{
    protected override string Counted => "renewed";

    protected override int Run(LeaseTable table, string agentId, string sessionId, long nowMs) =>
        table.RenewSession(agentId, sessionId, nowMs);
}
