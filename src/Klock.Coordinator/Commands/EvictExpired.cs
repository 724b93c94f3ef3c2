using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Sweeps leases that have expired. Never needed: an expired lease blocks nobody.</summary>
internal sealed class EvictExpired : Command
{
    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        int evicted = table.Advance(nowMs);
        Answers.StartData(ref json);
        json.WriteNumber("evicted"u8, evicted);
        return Answers.EndData(ref json);
    }
}
