using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>The names of fields that nearly every answer has, encoded once: looking for what to escape costs more than copying.</summary>
internal static class Names
{
    public static readonly JsonEncodedText Success = JsonEncodedText.Encode("success");
    public static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");
    public static readonly JsonEncodedText Code = JsonEncodedText.Encode("code");
    public static readonly JsonEncodedText Error = JsonEncodedText.Encode("error");
    public static readonly JsonEncodedText LeaseId = JsonEncodedText.Encode("lease_id");
    public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    public static readonly JsonEncodedText AgentId = JsonEncodedText.Encode("agent_id");
    public static readonly JsonEncodedText SessionId = JsonEncodedText.Encode("session_id");
    public static readonly JsonEncodedText Resource = JsonEncodedText.Encode("resource");
    public static readonly JsonEncodedText Predicate = JsonEncodedText.Encode("predicate");
    public static readonly JsonEncodedText State = JsonEncodedText.Encode("state");
    public static readonly JsonEncodedText AcquiredAt = JsonEncodedText.Encode("acquired_at");
    public static readonly JsonEncodedText Ttl = JsonEncodedText.Encode("ttl");
    public static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("expires_at");
    public static readonly JsonEncodedText LastHeartbeat = JsonEncodedText.Encode("last_heartbeat");
    public static readonly JsonEncodedText FencingToken = JsonEncodedText.Encode("fencing_token");
    public static readonly JsonEncodedText Note = JsonEncodedText.Encode("note");
    public static readonly JsonEncodedText Released = JsonEncodedText.Encode("released");
    public static readonly JsonEncodedText Renewed = JsonEncodedText.Encode("renewed");
}
