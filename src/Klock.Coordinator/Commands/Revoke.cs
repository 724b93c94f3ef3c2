using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Takes one lease away from its holder.</summary>
internal sealed class Revoke(in RequestFields request) : LeaseCommand(request)
{
    protected override CommandStatus Run(LeaseTable table, LeaseId id, long nowMs) => table.Revoke(id, nowMs);

    protected override void WriteData(ref JsonText json, LeaseId id)
    {
        json.WriteBoolean("revoked"u8, true);
        json.WriteId(Names.LeaseId, id);
    }
}
