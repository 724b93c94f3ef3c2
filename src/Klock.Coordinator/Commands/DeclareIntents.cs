using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;

namespace Klock.Coordinator.Commands;

/// <summary>Asks what would happen if a manifest were acquired, and leaves nothing behind.</summary>
internal sealed class DeclareIntents(in RequestFields request) : Command
{
    private readonly Requester _requester = Requester.Of(request);
    private readonly Intent[] _intents = Fields.Intents.Read(request);

    public override Concern? Concern => new()
    {
        AgentId = _requester.AgentId, SessionId = _requester.SessionId, Intents = _intents,
    };

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        ConflictSet conflicts = table.Declare(_requester.AgentId, _requester.SessionId, _intents, nowMs);
        bool granted = conflicts.Verdict == Verdict.Grant;
        json.WriteStartObject();
        json.WriteBoolean("success"u8, granted);
        json.WriteString("agent_id"u8, _requester.AgentId);
        json.WriteString("session_id"u8, _requester.SessionId);
        json.WriteString("status"u8, granted ? "Granted"u8 : conflicts.Verdict == Verdict.Wait ? "Wait"u8 : "Die"u8);
        json.WriteString("reason"u8, granted ? null : Sentences.Refusal(RefusalJson.ReasonOf(conflicts.Verdict), conflicts, table.NowMs));
        json.WriteString("held_by"u8, granted ? null : conflicts.Oldest[0].Session.Agent.Id);
        json.WriteStartArray("conflicts"u8);
        foreach (Claim claim in conflicts.Oldest)
        {
            json.WriteStringValue(Sentences.InTheWay(claim, table.NowMs));
        }

        json.WriteEndArray();
        WriteRetryAfter(ref json, granted ? null : conflicts.PauseMs(table.NowMs));
        json.WriteEndObject();
        return Outcome.Done;
    }

    private static void WriteRetryAfter(ref JsonText json, long? ms)
    {
        if (ms is { } known)
        {
            json.WriteNumber("retry_after_ms"u8, known);
        }
        else
        {
            json.WriteNull("retry_after_ms"u8);
        }
    }
}
