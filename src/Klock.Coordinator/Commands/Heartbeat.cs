using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Renews one lease: <c>{"lease_id","ttl"?}</c>. With a ttl it lasts so long from now on.</summary>
internal sealed class Heartbeat(in RequestFields request) : LeaseCommand(request)
{
    private readonly ulong? _ttlMs = Fields.Ttl.ReadOptional(request);
    private long _expiresAtMs;

    protected override CommandStatus Run(LeaseTable table, LeaseId id, long nowMs)
    {
        CommandStatus status = table.Heartbeat(id, nowMs, out Lease? lease, (long?)_ttlMs);
        _expiresAtMs = lease?.ExpiresAtMs ?? 0;
        return status;
    }

    protected override void WriteData(ref JsonText json, LeaseId id)
    {
        json.WriteBoolean("renewed"u8, true);
        json.WriteId(Names.LeaseId, id);
        json.WriteNumber(Names.ExpiresAt, _expiresAtMs);
    }
}
