using System.Globalization;
using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>
/// Shows leases, waiters and agents as they are at one event: whoever follows the events after its number misses nothing and gets nothing
/// twice. Agents that are not asked for are not looked at: a store remembers many that hold nothing.
/// </summary>
/// <remarks>What is overdue is not listed, as in each list; the event that ends it may come after the snapshot's number.</remarks>
internal sealed class Snapshot(in RequestFields request) : Command
{
    private readonly ClaimFilter _filter = new(request);
    private readonly Page _page = new(request);
    private readonly NamespaceScope _scope = request.Scope;
    private readonly bool _wantsAgents = Fields.Agents.ReadOptional(request) ?? true;

    public override bool OnlyReads => true;

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        PagePart<Lease> leases = _page.Of(new LeaseListing(_filter, after: 0, _scope.HidesLeaseIds), table, nowMs);
        PagePart<Waiter> waiters = _page.Of(new WaiterListing(_filter, after: 0), table, nowMs);
        var allAgents = new AgentListing(_scope, _filter.AgentId, after: null);
        PagePart<Agent> agents = _wantsAgents ? _page.Of(allAgents, table, nowMs) : new(allAgents, [], hasMore: false);
        if (_page.IsTooMuch(leases) || _page.IsTooMuch(waiters) || _page.IsTooMuch(agents))
        {
            return Page.WriteTooMuch(ref json);
        }

        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartObject("data"u8);
        json.WriteNumber("sequence"u8, table.Sequence);
        json.WriteString("time"u8, TimeText(Math.Max(nowMs, table.NowMs)));
        leases.Write(ref json, "leases"u8);
        waiters.Write(ref json, "waiters"u8);
        agents.Write(ref json, "agents"u8);
        json.WriteStartObject("next"u8);
        leases.WriteNext(ref json, "leases"u8);
        waiters.WriteNext(ref json, "waiters"u8);
        agents.WriteNext(ref json, "agents"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        return Outcome.Done;
    }

    private static string TimeText(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
