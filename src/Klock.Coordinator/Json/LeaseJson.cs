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
        json.WriteBoolean(Names.Success, true);
        json.WritePropertyName(Names.Data);
        if (!GrantText.TryWrite(json, lease))
        {
            WriteGrantedFields(json, lease);
        }

        json.WriteEndObject();
    }

    /// <summary>A new lease, as its holder gets it.</summary>
    public static void WriteGrantedFields(Utf8JsonWriter json, Lease lease)
    {
        json.WriteStartObject();
        Answers.WriteId(json, Names.LeaseId, lease.Id);
        WriteClaim(json, lease);
        json.WriteNumber(Names.AcquiredAt, lease.AcquiredAtMs);
        json.WriteNumber(Names.Ttl, lease.TtlMs);
        json.WriteNumber(Names.ExpiresAt, lease.ExpiresAtMs);
        json.WriteNumber(Names.FencingToken, lease.FencingToken);
        json.WriteEndObject();
    }

    /// <summary>A lease with all its fields, as a list shows it.</summary>
    public static void WriteListed(Utf8JsonWriter json, Lease lease)
    {
        json.WriteStartObject();
        WriteListedFields(json, lease);
        json.WriteEndObject();
    }

    /// <summary>All fields of a lease, inside an object that the caller opens and closes.</summary>
    public static void WriteListedFields(Utf8JsonWriter json, Lease lease)
    {
        Answers.WriteId(json, Names.Id, lease.Id);
        WriteClaim(json, lease);
        json.WriteString(Names.State, "Active"u8);
        json.WriteNumber(Names.AcquiredAt, lease.AcquiredAtMs);
        json.WriteNumber(Names.Ttl, lease.TtlMs);
        json.WriteNumber(Names.ExpiresAt, lease.ExpiresAtMs);
        json.WriteNumber(Names.LastHeartbeat, lease.LastHeartbeatMs);
        json.WriteNumber(Names.FencingToken, lease.FencingToken);
        json.WriteString(Names.Note, lease.Note);
    }

    /// <summary>A claim in somebody's way: everything but a lease's id, which is the right to release it.</summary>
    public static void WriteConflict(Utf8JsonWriter json, Claim claim)
    {
        (string state, long untilMs, string? note) = claim is WaitClaim waiting
            ? ("waiting", waiting.Waiter.DeadlineMs, waiting.Waiter.Note)
            : ("held", ((Lease)claim).ExpiresAtMs, ((Lease)claim).Note);
        json.WriteStartObject();
        WriteClaim(json, claim);
        json.WriteString(Names.State, state);
        json.WriteNumber(Names.ExpiresAt, untilMs);
        json.WriteString(Names.Note, note);
        json.WriteEndObject();
    }

    /// <summary>What is waited for, as a list shows it.</summary>
    public static void WriteWaiting(Utf8JsonWriter json, WaitClaim claim)
    {
        json.WriteStartObject();
        WriteClaim(json, claim);
        json.WriteString(Names.State, claim.Waiter.IsQueued ? "queued"u8 : "parked"u8);
        json.WriteNumber("wait_until"u8, claim.Waiter.DeadlineMs);
        json.WriteString(Names.Note, claim.Waiter.Note);
        json.WriteEndObject();
    }

    private static void WriteClaim(Utf8JsonWriter json, Claim claim)
    {
        json.WriteString(Names.AgentId, claim.Session.Agent.Id);
        json.WriteString(Names.SessionId, claim.Session.Id);
        WriteResource(json, claim.Resource);
        json.WriteString(Names.Predicate, claim.Predicate.ToName());
    }

    public static void WriteResource(Utf8JsonWriter json, Resource resource)
    {
        string type = resource.Type.ToName();
        json.WritePropertyName(Names.Resource);
        Span<char> text = stackalloc char[256];
        if (!text.TryWrite($"{type}:{resource.Path}", out int written))
        {
            json.WriteStringValue(resource.ToString());
            return;
        }

        json.WriteStringValue(text[..written]);
    }
}
