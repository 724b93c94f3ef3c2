using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Releases one lease.</summary>
internal sealed class Release(in RequestFields request) : LeaseCommand(request)
{
    protected override CommandStatus Run(LeaseTable table, LeaseId id, long nowMs) => table.Release(id, nowMs);

    protected override void WriteData(ref JsonText json, LeaseId id)
    {
        json.AddLiteral("\"released\":true,\"lease_id\":\""u8);
        json.AddId(id);
        json.AddLiteral("\""u8);
    }
}
