using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Tells that the store works, and how much is in it.</summary>
internal sealed class Health(NamespaceScope scope) : Command
{
    public override bool OnlyReads => true;

    protected override void Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        Answers.StartData(ref json);
        json.WriteString("status"u8, "ok"u8);
        json.WriteNumber("active_leases"u8, table.CountActive(nowMs));
        json.WriteNumber("waiters"u8, table.CountWaiting(nowMs));
        json.WriteNumber("agents"u8, table.AgentCount);
        json.WriteNumber("sequence"u8, table.Sequence);
        json.WriteString("version"u8, ProductVersion.Text);
        if (scope.IsDemanded)
        {
            // Clients then name the repository that they ask about.
            json.WriteString("namespace_by"u8, "repository"u8);
        }

        Answers.EndData(ref json);
    }
}
