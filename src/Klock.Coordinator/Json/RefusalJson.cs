using Klock.Coordinator.Protocol;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;

namespace Klock.Coordinator.Json;

/// <summary>A refusal: its reason, what is in the way, and what to do.</summary>
internal static class RefusalJson
{
    /// <summary>The reason that stands for a verdict in an answer.</summary>
    public static RefusalReason ReasonOf(Verdict verdict) => verdict == Verdict.Wait ? RefusalReason.Wait : RefusalReason.Die;

    public static Outcome Write(ref JsonText json, RefusalReason reason, ConflictSet conflicts, long nowMs)
    {
        json.WriteStartObject();
        json.WriteBoolean(Names.Success, false);
        json.WriteString("reason"u8, reason.ToName());
        json.WriteNumber("wait_time"u8, conflicts.PauseMs(nowMs));
        json.WriteString("message"u8, Sentences.Refusal(reason, conflicts, nowMs));
        json.WriteStartArray("conflicts"u8);
        foreach (Claim claim in conflicts.Oldest)
        {
            LeaseJson.WriteConflict(ref json, claim);
        }

        json.WriteEndArray();
        json.WriteNumber("conflicts_total"u8, conflicts.Total);
        json.WriteEndObject();
        return Outcome.Refused(reason);
    }
}
