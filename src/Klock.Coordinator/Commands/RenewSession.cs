using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Renews all leases of a session at once.</summary>
internal sealed class RenewSession(in RequestFields request) : SessionCommand(request)
{
    protected override ReadOnlySpan<byte> Counted => "renewed"u8;

    protected override int Run(LeaseTable table, string agentId, string sessionId, long nowMs, Func<Claim, bool>? isMeant) =>
        table.RenewSession(agentId, sessionId, nowMs, isMeant);
}
