using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>
/// The waiting requests, one entry a resource: first the queue, then the parked, each in order of arrival. The limit of a page
/// counts requests, each with all its resources.
/// </summary>
/// <param name="filter">Which.</param>
/// <param name="after">Those that come after this cursor.</param>
internal sealed class WaiterListing(ClaimFilter filter, long after) : Listing<Waiter>
{
    private readonly (bool IsParked, long Number) _after = ((after & 1) != 0, after >> 1);

    public override IEnumerable<Waiter> Select(LeaseTable table, long nowMs) => table.ActiveWaiters(nowMs)
        .Where(waiter => (!waiter.IsQueued, waiter.Number).CompareTo(_after) > 0 && waiter.Claims.Any(filter.Passes));

    public override void Write(ref JsonText json, Waiter entry)
    {
        foreach (WaitClaim claim in entry.Claims.Where(filter.Passes))
        {
            LeaseJson.WriteWaiting(ref json, claim);
        }
    }

    // Both parts of its position in one number, which a double can represent.
    public override void WriteCursor(ref JsonText json, ReadOnlySpan<byte> name, Waiter last) =>
        json.WriteNumber(name, (last.Number << 1) | (last.IsQueued ? 0L : 1L));
}
