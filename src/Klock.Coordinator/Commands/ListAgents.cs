using System.Text.Json;
using Klock.Kernel;
using Klock.Kernel.Agents;

namespace Klock.Coordinator.Commands;

/// <summary>Lists the agents that are remembered, the oldest first.</summary>
internal sealed class ListAgents : Command
{
    protected override void Run(LeaseTable table, long nowMs, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        foreach (Agent agent in table.Agents.OrderBy(agent => agent.Priority).ThenBy(agent => agent.Id, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("agent_id"u8, agent.Id);
            json.WriteNumber("priority"u8, agent.Priority);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
