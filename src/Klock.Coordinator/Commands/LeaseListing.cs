using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Active leases, in the order they were granted. An entry's cursor is its fencing token.</summary>
/// <param name="filter">Which.</param>
/// <param name="after">Those with higher tokens.</param>
/// <param name="hidesIds">Whether their ids are left out.</param>
internal sealed class LeaseListing(ClaimFilter filter, long after, bool hidesIds = false) : Listing<Lease>
{
    public override IEnumerable<Lease> Select(LeaseTable table, long nowMs) =>
        table.ActiveLeases(nowMs).Where(lease => lease.FencingToken > after && filter.Passes(lease)).OrderBy(lease => lease.FencingToken);

    public override void Write(ref JsonText json, Lease entry)
    {
        json.WriteStartObject();
        if (hidesIds)
        {
            LeaseJson.WriteFieldsButId(ref json, entry);
        }
        else
        {
            LeaseJson.WriteListedFields(ref json, entry);
        }

        json.WriteEndObject();
    }

    public override void WriteCursor(ref JsonText json, ReadOnlySpan<byte> name, Lease last) => json.WriteNumber(name, last.FencingToken);
}
