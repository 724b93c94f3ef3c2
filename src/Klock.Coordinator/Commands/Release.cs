using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Leases;

namespace Klock.Coordinator.Commands;

/// <summary>Lets one lease go.</summary>
internal sealed class Release(in RequestFields request) : LeaseCommand(request)
{
    protected override CommandStatus Run(LeaseTable table, LeaseId id, long nowMs) => table.Release(id, nowMs);

    protected override void WriteData(ref JsonText json, LeaseId id)
    {
        json.WriteBoolean("released"u8, true);
        json.WriteId(Names.LeaseId, id);
    }
}
