using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Lists active leases, in the order they were granted. An entry's number is its fencing token.</summary>
internal sealed class ListLeases(in RequestFields request) : Command
{
    private readonly ClaimFilter _filter = new(request);
    private readonly Page _page = new(request);

    public override bool OnlyReads => true;

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        List<Lease> leases =
        [
            .. table.ActiveLeases(nowMs).Where(lease => lease.FencingToken > _page.After && _filter.Passes(lease))
                .OrderBy(lease => lease.FencingToken).Take(_page.Most + 1),
        ];
        return _page.Write(ref json, leases, lease => lease.FencingToken, LeaseJson.WriteListed);
    }
}
