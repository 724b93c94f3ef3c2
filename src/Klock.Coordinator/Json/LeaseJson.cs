using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>Leases and claims as JSON.</summary>
internal static class LeaseJson
{
    /// <summary>The answer of a request that got one lease.</summary>
    public static void WriteGranted(ref JsonText json, Lease lease)
    {
        Answers.StartData(ref json);
        WriteGrantedFields(ref json, lease);
        Answers.EndData(ref json);
    }

    /// <summary>The fields of a new lease, as its holder gets them, inside an object that the caller opens and closes.</summary>
    public static void WriteGrantedFields(ref JsonText json, Lease lease)
    {
        json.AddLiteral("\"lease_id\":\""u8);
        json.AddId(lease.Id);
        json.AddLiteral("\",\"agent_id\":\""u8);
        json.AddText(lease.Session.Agent.Id);
        json.AddLiteral("\",\"session_id\":\""u8);
        json.AddText(lease.Session.Id);
        json.AddLiteral("\",\"resource\":\""u8);
        json.AddLiteral(lease.Resource.Type.ToUtf8Name());
        json.AddLiteral(":"u8);
        json.AddText(lease.Resource.Path);
        if (lease.Resource.Namespace is { } name)
        {
            json.AddLiteral("\",\"namespace\":\""u8);
            json.AddText(name);
        }

        json.AddLiteral("\",\"predicate\":\""u8);
        json.AddLiteral(lease.Predicate.ToUtf8Name());
        json.AddLiteral("\",\"acquired_at\":"u8);
        json.AddNumber(lease.AcquiredAtMs);
        json.AddLiteral(",\"ttl\":"u8);
        json.AddNumber(lease.TtlMs);
        json.AddLiteral(",\"expires_at\":"u8);
        json.AddNumber(lease.ExpiresAtMs);
        json.AddLiteral(",\"fencing_token\":"u8);
        json.AddNumber(lease.FencingToken);
        if (lease.IsOfSharedSession)
        {
            json.AddLiteral(",\"warning\":\""u8);
            json.AddText(Sentences.SharedSession(lease));
            json.AddLiteral("\""u8);
        }
    }

    /// <summary>All fields of a lease, inside an object that the caller opens and closes.</summary>
    public static void WriteListedFields(ref JsonText json, Lease lease)
    {
        json.WriteId("id"u8, lease.Id);
        WriteFieldsButId(ref json, lease);
    }

    /// <summary>All fields of a lease but its id, which is the right to release it.</summary>
    public static void WriteFieldsButId(ref JsonText json, Lease lease)
    {
        WriteClaim(ref json, lease);
        json.WriteString(Names.State, "Active"u8);
        json.WriteNumber(Names.AcquiredAt, lease.AcquiredAtMs);
        json.WriteNumber(Names.Ttl, lease.TtlMs);
        json.WriteNumber(Names.ExpiresAt, lease.ExpiresAtMs);
        json.WriteNumber("last_heartbeat"u8, lease.LastHeartbeatMs);
        json.WriteNumber(Names.FencingToken, lease.FencingToken);
        json.WriteString(Names.Note, lease.Note);
    }

    /// <summary>A claim in somebody's way: everything but a lease's id, which is the right to release it.</summary>
    public static void WriteConflict(ref JsonText json, Claim claim)
    {
        (string state, long untilMs, string? note) = claim is WaitClaim waiting
            ? ("waiting", waiting.Waiter.DeadlineMs, waiting.Waiter.Note)
            : ("held", ((Lease)claim).ExpiresAtMs, ((Lease)claim).Note);
        json.WriteStartObject();
        WriteClaim(ref json, claim);
        json.WriteString(Names.State, state);
        json.WriteNumber(Names.ExpiresAt, untilMs);
        json.WriteString(Names.Note, note);
        json.WriteEndObject();
    }

    /// <summary>What is waited for, as a list shows it.</summary>
    public static void WriteWaiting(ref JsonText json, WaitClaim claim)
    {
        json.WriteStartObject();
        WriteClaim(ref json, claim);
        json.WriteString(Names.State, claim.Waiter.IsQueued ? "queued"u8 : "parked"u8);
        json.WriteNumber("wait_until"u8, claim.Waiter.DeadlineMs);
        json.WriteString(Names.Note, claim.Waiter.Note);
        json.WriteEndObject();
    }

    private static void WriteClaim(ref JsonText json, Claim claim)
    {
        json.WriteString(Names.AgentId, claim.Session.Agent.Id);
        json.WriteString(Names.SessionId, claim.Session.Id);
        WriteResource(ref json, claim.Resource);
        json.WriteString(Names.Predicate, claim.Predicate.ToName());
        WriteSenior(ref json, claim.Session.IsSenior);
    }

    /// <summary>Writes that a session is senior (KLIS-8, ageing); for any other it writes nothing.</summary>
    public static void WriteSenior(ref JsonText json, bool isSenior)
    {
        if (isSenior)
        {
            json.WriteBoolean("senior"u8, true);
        }
    }

    /// <summary>A resource, and its namespace if it is in one.</summary>
    public static void WriteResource(ref JsonText json, Resource resource)
    {
        json.WriteString(Names.Resource, resource.Type.ToName(), ":", resource.Path);
        if (resource.Namespace is not null)
        {
            json.WriteString(Names.Namespace, resource.Namespace);
        }
    }
}
