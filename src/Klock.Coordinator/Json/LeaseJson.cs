using System.Text.Json;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Json;

/// <summary>Leases and claims as JSON.</summary>
internal static class LeaseJson
{
    /// <summary>The answer of a request that got one lease.</summary>
    public static void WriteGranted(Utf8JsonWriter json, Lease lease)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WritePropertyName("data"u8);
        WriteGrantedFields(json, lease);
        json.WriteEndObject();
    }

    /// <summary>A new lease, as its holder gets it.</summary>
    public static void WriteGrantedFields(Utf8JsonWriter json, Lease lease)
    {
        json.WriteStartObject();
        Answers.WriteId(json, "lease_id"u8, lease.Id);
        WriteClaim(json, lease);
        json.WriteNumber("acquired_at"u8, lease.AcquiredAtMs);
        json.WriteNumber("ttl"u8, lease.TtlMs);
        json.WriteNumber("expires_at"u8, lease.ExpiresAtMs);
        json.WriteNumber("fencing_token"u8, lease.FencingToken);
        json.WriteEndObject();
    }

    /// <summary>A lease with all its fields, as a list shows it.</summary>
    public static void WriteListed(Utf8JsonWriter json, Lease lease)
    {
        json.WriteStartObject();
        Answers.WriteId(json, "id"u8, lease.Id);
        WriteClaim(json, lease);
        json.WriteString("state"u8, "Active"u8);
        json.WriteNumber("acquired_at"u8, lease.AcquiredAtMs);
        json.WriteNumber("ttl"u8, lease.TtlMs);
        json.WriteNumber("expires_at"u8, lease.ExpiresAtMs);
        json.WriteNumber("last_heartbeat"u8, lease.LastHeartbeatMs);
        json.WriteNumber("fencing_token"u8, lease.FencingToken);
        json.WriteString("note"u8, lease.Note);
        json.WriteEndObject();
    }

    /// <summary>A claim in somebody's way: everything but a lease's id, which is the right to release it.</summary>
    public static void WriteConflict(Utf8JsonWriter json, Claim claim)
    {
        (string state, long untilMs, string? note) = claim is WaitClaim waiting
            ? ("waiting", waiting.Waiter.DeadlineMs, waiting.Waiter.Note)
            : ("held", ((Lease)claim).ExpiresAtMs, ((Lease)claim).Note);
        json.WriteStartObject();
        WriteClaim(json, claim);
        json.WriteString("state"u8, state);
        json.WriteNumber("expires_at"u8, untilMs);
        json.WriteString("note"u8, note);
        json.WriteEndObject();
    }

    private static void WriteClaim(Utf8JsonWriter json, Claim claim)
    {
        json.WriteString("agent_id"u8, claim.Session.Agent.Id);
        json.WriteString("session_id"u8, claim.Session.Id);
        WriteResource(json, claim.Resource);
        json.WriteString("predicate"u8, claim.Predicate.ToName());
    }

    public static void WriteResource(Utf8JsonWriter json, Resource resource)
    {
        string type = resource.Type.ToName();
        json.WritePropertyName("resource"u8);
        Span<char> text = stackalloc char[256];
        if (!text.TryWrite($"{type}:{resource.Path}", out int written))
        {
            json.WriteStringValue(resource.ToString());
            return;
        }

        json.WriteStringValue(text[..written]);
    }
}
