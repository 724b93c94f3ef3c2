using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Agents;

namespace Klock.Coordinator.Commands;

/// <summary>Lists the agents that are remembered, the oldest first.</summary>
internal sealed class ListAgents : Command
{
    public override bool OnlyReads => true;

    protected override void Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        foreach (Agent agent in table.Agents.Order(Comparer<Agent>.Create((a, b) => a.CompareSeniority(b))))
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
