using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Releases all leases of a session at once, and ends its waits.</summary>
internal sealed class EndSession(in RequestFields request) : SessionCommand(request)
{
    protected override ReadOnlySpan<byte> Counted => "released"u8;

    protected override int Run(LeaseTable table, string agentId, string sessionId, long nowMs, Func<Claim, bool>? isMeant) =>
        table.EndSession(agentId, sessionId, nowMs, isMeant);
}
