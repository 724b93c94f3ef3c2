using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Lists active leases, in the order they were granted.</summary>
internal sealed class ListLeases(in RequestFields request) : Command
{
    private readonly ClaimFilter _filter = new(request);

    public override bool OnlyReads => true;

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        foreach (Lease lease in table.ActiveLeases(nowMs).Where(_filter.Passes).OrderBy(lease => lease.FencingToken))
        {
            LeaseJson.WriteListed(ref json, lease);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return Outcome.Done;
    }
}
