using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Registers an agent with its priority.</summary>
internal sealed class RegisterAgent(in RequestFields request) : Command
{
    private readonly string _agentId = Fields.AgentId.Read(request);
    private readonly ulong _priority = Fields.Priority.Read(request);

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        if (table.RegisterAgent(_agentId, _priority, nowMs) == CommandStatus.AgentBusy)
        {
            return Answers.WriteError(
                ref json,
                ErrorCode.AgentBusy,
                "priority cannot change while the agent holds or waits for anything: end its sessions first, or keep its priority.");
        }

        Answers.StartData(ref json);
        json.WriteString("agent_id"u8, _agentId);
        json.WriteNumber("priority"u8, _priority);
        return Answers.EndData(ref json);
    }
}
