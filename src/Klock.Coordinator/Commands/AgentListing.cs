using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>The agents that are remembered, the oldest first.</summary>
/// <param name="scope">What the caller may see.</param>
/// <param name="agentId">Only this one; null for all.</param>
/// <param name="after">Those younger than this; null for all.</param>
internal sealed class AgentListing(NamespaceScope scope, string? agentId, AgentCursor? after) : Listing<Agent>
{
    public override IEnumerable<Agent> Select(LeaseTable table, long nowMs) => Known(table, nowMs)
        .Where(agent => (agentId is null || agent.Id == agentId) && after?.IsBefore(agent) != false)
        .Order(Comparer<Agent>.Create((a, b) => a.CompareSeniority(b)));

    public override void Write(ref JsonText json, Agent entry)
    {
        json.WriteStartObject();
        json.WriteString("agent_id"u8, entry.Id);
        json.WriteNumber("priority"u8, entry.Priority);
        json.WriteEndObject();
    }

    public override void WriteCursor(ref JsonText json, ReadOnlySpan<byte> name, Agent last) =>
        json.WriteString(name, AgentCursor.TextOf(last));

    // A caller that is confined to some namespaces sees the agents that have something there.
    private IEnumerable<Agent> Known(LeaseTable table, long nowMs) =>
        !scope.IsConfined ? table.Agents
        : table.ActiveLeases(nowMs).Cast<Claim>().Concat(table.ActiveWaiters(nowMs).SelectMany(waiter => waiter.Claims))
            .Where(scope.Sees).Select(claim => claim.Session.Agent).Distinct();
}
