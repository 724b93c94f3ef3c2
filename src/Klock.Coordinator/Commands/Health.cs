using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Answers that the store works, and how much is in it.</summary>
internal sealed class Health(NamespaceScope scope, StoreRoom? room) : Command
{
    public override bool OnlyReads => true;

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        StoreHealth found = LookAtHealth.Of(table, nowMs);
        Answers.StartData(ref json);
        json.WriteString("status"u8, "ok"u8);
        json.WriteNumber("active_leases"u8, found.ActiveLeases);
        json.WriteNumber("waiters"u8, found.Waiters);
        json.WriteNumber("agents"u8, found.Agents);
        json.WriteNumber("sequence"u8, found.Sequence);
        json.WriteString("version"u8, ProductVersion.Text);
        if (room is not null)
        {
            json.WriteNumber("store_bytes"u8, room.UsedBytes);
            if (room.QuotaBytes > 0)
            {
                json.WriteNumber("store_quota_bytes"u8, room.QuotaBytes);
            }
        }

        if (scope.IsDemanded)
        {
            // Clients then name the repository with each request.
            json.WriteString("namespace_by"u8, "repository"u8);
        }

        return Answers.EndData(ref json);
    }
}
