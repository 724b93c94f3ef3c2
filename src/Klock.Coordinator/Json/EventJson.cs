using Klock.Coordinator.Protocol;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;

namespace Klock.Coordinator.Json;

/// <summary>Events as JSON: what happened, without lease ids, which are the right to release.</summary>
internal static class EventJson
{
    public static void Write(ref JsonText json, in Event happened)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, happened.Sequence);
        json.WriteString("kind"u8, happened.Kind.ToName());
        json.WriteNumber("at"u8, TimeOf(happened));
        if (happened.AgentId is not null)
        {
            json.WriteString("agent_id"u8, happened.AgentId);
        }

        if (happened.Resource is not null)
        {
            json.WriteString("session_id"u8, happened.SessionId);
            LeaseJson.WriteResource(ref json, happened.Resource);
            json.WriteString("predicate"u8, happened.Predicate.ToName());
            LeaseJson.WriteSenior(ref json, happened.SeniorSince != 0);
        }

        WriteDetails(ref json, happened);
        json.WriteEndObject();
    }

    /// <summary>Writes the entry that stands for events that are no longer kept: the history is bounded.</summary>
    public static void WriteGap(ref JsonText json, long lastMissing, long firstMissing)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, lastMissing);
        json.WriteString("kind"u8, EventNames.Gap);
        json.WriteNumber("first_missing"u8, firstMissing);
        json.WriteEndObject();
    }

    // A lease expires at its time, however much later that was noticed; one that ends with its process ends before.
    private static long TimeOf(in Event happened) =>
        happened.Kind == EventKind.Expired ? Math.Min(happened.AtMs, happened.ExpiresAtMs) : happened.AtMs;

    private static void WriteDetails(ref JsonText json, in Event happened)
    {
        switch (happened.Kind)
        {
            case EventKind.Registered:
                json.WriteNumber("priority"u8, happened.Priority);
                break;
            case EventKind.Granted or EventKind.Changed or EventKind.Renewed:
                json.WriteNumber("fencing_token"u8, happened.FencingToken);
                json.WriteNumber("expires_at"u8, happened.ExpiresAtMs);
                json.WriteString("note"u8, happened.Note);
                break;
            case EventKind.Released or EventKind.Expired or EventKind.Revoked:
                json.WriteNumber("fencing_token"u8, happened.FencingToken);
                break;
            case EventKind.Queued or EventKind.Parked or EventKind.Promoted:
                json.WriteNumber("wait_until"u8, happened.Wait!.DeadlineMs);
                json.WriteNumber("intents"u8, happened.Wait!.WantedCount);
                json.WriteString("note"u8, happened.Note);
                break;
            case EventKind.Refused:
                json.WriteString("reason"u8, RefusalJson.ReasonOf(happened.Verdict).ToName());
                break;
            case EventKind.WaitEnded:
                json.WriteString("outcome"u8, happened.Wait!.Outcome.ToName());
                break;
            default:
                break;
        }
    }
}
