using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Leases;

namespace Klock.Coordinator.Commands;

/// <summary>Renews one lease.</summary>
internal sealed class Heartbeat(ReadOnlySpan<byte> request) : LeaseCommand(request)
{
    private long _expiresAtMs;

    protected override CommandStatus Run(LeaseTable table, LeaseId id, long nowMs)
    {
        CommandStatus status = table.Heartbeat(id, nowMs, out Lease? lease);
        _expiresAtMs = lease?.ExpiresAtMs ?? 0;
        return status;
    }

    protected override void WriteData(Utf8JsonWriter json, LeaseId id)
    {
        json.WriteBoolean(Names.Renewed, true);
        Answers.WriteId(json, Names.LeaseId, id);
        json.WriteNumber(Names.ExpiresAt, _expiresAtMs);
    }
}
