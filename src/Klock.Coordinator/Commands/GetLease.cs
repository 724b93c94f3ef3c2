using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Shows one active lease.</summary>
internal sealed class GetLease(in RequestFields request) : LeaseCommand(request)
{
    private Lease? _lease;

    public override bool OnlyReads => true;

    // A read changes nothing: an expired lease is answered as expired, and swept by the next command that writes.
    protected override CommandStatus Run(LeaseTable table, LeaseId id, long nowMs)
    {
        _lease = table.FindLease(id);
        return _lease is null
            ? table.FindEnded(id) == LeaseState.Expired ? CommandStatus.LeaseExpired : CommandStatus.UnknownLease
            : _lease.ExpiresAtMs <= Math.Max(nowMs, table.NowMs) ? CommandStatus.LeaseExpired : CommandStatus.Done;
    }

    protected override void WriteData(ref JsonText json, LeaseId id) => LeaseJson.WriteListedFields(ref json, _lease!);
}
