using System.Text.Json;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Commands;

/// <summary>Asks for one lease.</summary>
internal sealed class Acquire : Command
{
    private readonly LeaseRequest _request;

    public Acquire(ReadOnlySpan<byte> request, ILeaseIdSource ids)
    {
        string? agentId = null, sessionId = null, path = null, note = null, requestId = null;
        ResourceType? type = null;
        Predicate? predicate = null;
        ulong? ttlMs = null;
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
            else if (RequestReader.IsValueOf(Fields.ResourceType, ref json))
            {
                type = Fields.ResourceType.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.ResourcePath, ref json))
            {
                path = Fields.ResourcePath.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Predicate, ref json))
            {
                predicate = Fields.Predicate.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Ttl, ref json))
            {
                ttlMs = Fields.Ttl.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Note, ref json))
            {
                note = Fields.Note.ReadOptional(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.RequestId, ref json))
            {
                requestId = Fields.RequestId.ReadOptional(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        _request = new LeaseRequest
        {
            AgentId = agentId ?? throw Fields.AgentId.Missing(),
            SessionId = sessionId ?? throw Fields.SessionId.Missing(),
            Resource = ResourceFields.ToResource(type, path),
            Predicate = predicate ?? throw Fields.Predicate.Missing(),
            TtlMs = (long)(ttlMs ?? throw Fields.Ttl.Missing()),
            Note = note,
            RequestId = requestId,
            LeaseId = ids.Next(),
        };
    }

    protected override void Run(LeaseTable table, long nowMs, Utf8JsonWriter json)
    {
        CommandStatus status = table.Acquire(_request, nowMs, out AcquireOutcome outcome);
        if (status == CommandStatus.RequestIdReused)
        {
            Answers.WriteError(
                json,
                ErrorCode.InvalidRequest,
                "request_id was used by this session for another resource or predicate: it must be new for a new request.");
        }
        else if (outcome.Lease is { } lease)
        {
            LeaseJson.WriteGranted(json, lease);
        }
        else
        {
            WriteRefused(json, outcome.Conflicts, table.NowMs);
        }
    }

    private static void WriteRefused(Utf8JsonWriter json, ConflictSet conflicts, long nowMs)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, false);
        json.WriteString("reason"u8, conflicts.Verdict == Verdict.Wait ? "WAIT"u8 : "DIE"u8);
        json.WriteNumber("wait_time"u8, conflicts.PauseMs(nowMs));
        json.WriteString("message"u8, Sentences.Refusal(conflicts, nowMs));
        json.WriteStartArray("conflicts"u8);
        foreach (Claim claim in conflicts.Oldest)
        {
            LeaseJson.WriteConflict(json, (Lease)claim);
        }

        json.WriteEndArray();
        json.WriteNumber("conflicts_total"u8, conflicts.Total);
        json.WriteEndObject();
    }
}
