using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Conflicts;

namespace Klock.Coordinator.Commands;

/// <summary>Asks what would happen if a manifest were acquired, and leaves nothing behind.</summary>
internal sealed class DeclareIntents : Command
{
    private readonly string _agentId;
    private readonly string _sessionId;
    private readonly Intent[] _intents;

    public DeclareIntents(ReadOnlySpan<byte> request)
    {
        string? agentId = null, sessionId = null;
        Intent[]? intents = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.AgentId, ref json))
            {
                agentId = Fields.AgentId.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.SessionId, ref json))
            {
                sessionId = Fields.SessionId.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Intents, ref json))
            {
                intents = Fields.Intents.Read(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        _agentId = agentId ?? throw Fields.AgentId.Missing();
        _sessionId = sessionId ?? throw Fields.SessionId.Missing();
        _intents = intents ?? throw Fields.Intents.Missing();
    }

    protected override void Run(LeaseTable table, long nowMs, LocalWaits waits, Utf8JsonWriter json)
    {
        ConflictSet conflicts = table.Declare(_agentId, _sessionId, _intents, nowMs);
        bool granted = conflicts.Verdict == Verdict.Grant;
        json.WriteStartObject();
        json.WriteBoolean("success"u8, granted);
        json.WriteString("agent_id"u8, _agentId);
        json.WriteString("session_id"u8, _sessionId);
        json.WriteString("status"u8, granted ? "Granted"u8 : conflicts.Verdict == Verdict.Wait ? "Wait"u8 : "Die"u8);
        json.WriteString("reason"u8, granted ? null : Sentences.Refusal(RefusalJson.ReasonOf(conflicts.Verdict), conflicts, table.NowMs));
        json.WriteString("held_by"u8, granted ? null : conflicts.Oldest[0].Session.Agent.Id);
        json.WriteStartArray("conflicts"u8);
        foreach (Claim claim in conflicts.Oldest)
        {
            json.WriteStringValue(Sentences.InTheWay(claim, table.NowMs));
        }

        json.WriteEndArray();
        WriteRetryAfter(json, granted ? null : conflicts.PauseMs(table.NowMs));
        json.WriteEndObject();
    }

    private static void WriteRetryAfter(Utf8JsonWriter json, long? ms)
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
