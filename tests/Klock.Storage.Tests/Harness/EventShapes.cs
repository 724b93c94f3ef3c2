using System.Text.Json;

namespace Klock.Storage.Tests.Harness;

/// <summary>What every event must look like. No kind has a field for a lease id, which is the right to release.</summary>
internal static class EventShapes
{
    private const string About =
        "seq:int kind:text at:int agent_id:text session_id:text resource:resource namespace:name? predicate:predicate senior:yes?";

    public static void Check(JsonElement happened) => Shapes.Fields(
        happened.GetProperty("kind").GetString() switch
        {
            "GAP" => "seq:int kind:text first_missing:int",
            "CREATED" or "KEPT_ALIVE" or "RESUMED" => "seq:int kind:text at:int",
            "REGISTERED" => "seq:int kind:text at:int agent_id:text priority:int",
            "FORGOTTEN" => "seq:int kind:text at:int agent_id:text",
            "GRANTED" or "RENEWED" or "CHANGED" => About + " fencing_token:token expires_at:int note:text?",
            "RELEASED" or "EXPIRED" or "REVOKED" => About + " fencing_token:token",
            "QUEUED" or "PARKED" or "PROMOTED" => About + " wait_until:int intents:int note:text?",
            "REFUSED" => About + " reason:text",
            "WAIT_ENDED" => About + " outcome:text",
            string kind => throw new ArgumentException($"{kind} is no kind of event", nameof(happened)),
            null => throw new ArgumentException("an event has no kind", nameof(happened)),
        },
        happened);
}
