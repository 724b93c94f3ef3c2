using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Lists what is waited for, one entry a resource: the queue first, the parked requests after it, each in its order.</summary>
internal sealed class ListWaiters(in RequestFields request) : Command
{
    private readonly ClaimFilter _filter = new(request);

    public override bool OnlyReads => true;

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        foreach (WaitClaim claim in table.ActiveWaiters(nowMs).SelectMany(waiter => waiter.Claims).Where(_filter.Passes))
        {
            LeaseJson.WriteWaiting(ref json, claim);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return Outcome.Done;
    }
}
