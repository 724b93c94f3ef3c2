using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Makes an agent known.</summary>
internal sealed class RegisterAgent : Command
{
    private readonly string _agentId;
    private readonly ulong _priority;

    public RegisterAgent(ReadOnlySpan<byte> request)
    {
        string? agentId = null;
        ulong? priority = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.AgentId, ref json))
            {
                agentId = Fields.AgentId.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Priority, ref json))
            {
                priority = Fields.Priority.Read(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        _agentId = agentId ?? throw Fields.AgentId.Missing();
        _priority = priority ?? throw Fields.Priority.Missing();
    }

    protected override void Run(LeaseTable table, long nowMs, LocalWaits waits, Utf8JsonWriter json)
    {
        if (table.RegisterAgent(_agentId, _priority, nowMs) == CommandStatus.AgentBusy)
        {
            Answers.WriteError(
                json,
                ErrorCode.AgentBusy,
                "priority cannot change while the agent holds or waits for anything: end its sessions first, or keep its priority.");
            return;
        }

        Answers.StartData(json);
        json.WriteString("agent_id"u8, _agentId);
        json.WriteNumber("priority"u8, _priority);
        Answers.EndData(json);
    }
}
