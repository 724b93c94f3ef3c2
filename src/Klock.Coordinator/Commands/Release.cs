using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Leases;

namespace Klock.Coordinator.Commands;

/// <summary>Lets one lease go.</summary>
internal sealed class Release(ReadOnlySpan<byte> request) : LeaseCommand(request)
{
    protected override CommandStatus Run(LeaseTable table, LeaseId id, long nowMs) => table.Release(id, nowMs);

    protected override void WriteData(Utf8JsonWriter json, LeaseId id)
    {
        json.WriteBoolean(Names.Released, true);
        Answers.WriteId(json, Names.LeaseId, id);
    }
}
