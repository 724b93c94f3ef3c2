using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Lists the agents that are remembered, the oldest first.</summary>
internal sealed class ListAgents(in RequestFields request) : Command
{
    private readonly NamespaceScope _scope = request.Scope;

    public override bool OnlyReads => true;

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        foreach (Agent agent in Known(table, nowMs).Order(Comparer<Agent>.Create((a, b) => a.CompareSeniority(b))))
        {
            json.WriteStartObject();
            json.WriteString("agent_id"u8, agent.Id);
            json.WriteNumber("priority"u8, agent.Priority);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return Outcome.Done;
    }

    // A caller that is confined to some namespaces sees the agents that have something there.
    private IEnumerable<Agent> Known(LeaseTable table, long nowMs) =>
        !_scope.IsConfined ? table.Agents
        : table.ActiveLeases(nowMs).Cast<Claim>().Concat(table.ActiveWaiters(nowMs).SelectMany(waiter => waiter.Claims))
            .Where(_scope.Sees).Select(claim => claim.Session.Agent).Distinct();
}
