using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>
/// Lists the waiting requests, one entry a resource: first the queue, then the parked, each in order of arrival. The limit of a page
/// counts requests, each with all its resources.
/// </summary>
internal sealed class ListWaiters(in RequestFields request) : Command
{
    private readonly ClaimFilter _filter = new(request);
    private readonly Page _page = new(request);

    public override bool OnlyReads => true;

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        (bool, long) after = ((_page.After & 1) != 0, _page.After >> 1);
        List<Waiter> waiting =
        [
            .. table.ActiveWaiters(nowMs).Where(waiter => PlaceOf(waiter).CompareTo(after) > 0 && waiter.Claims.Any(_filter.Passes))
                .Take(_page.Most + 1),
        ];
        return _page.Write(ref json, waiting, NumberOf, WriteClaims);
    }

    private static (bool IsParked, long Number) PlaceOf(Waiter waiter) => (!waiter.IsQueued, waiter.Number);

    // Both parts of its position in one number, which a double can represent.
    private static long NumberOf(Waiter waiter) => (waiter.Number << 1) | (waiter.IsQueued ? 0L : 1L);

    private void WriteClaims(ref JsonText json, Waiter waiter)
    {
        foreach (WaitClaim claim in waiter.Claims.Where(_filter.Passes))
        {
            LeaseJson.WriteWaiting(ref json, claim);
        }
    }
}
