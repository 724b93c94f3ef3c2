using System.Text;
using System.Text.Json;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;

namespace Klock.Storage.Tests.Harness;

/// <summary>Talks to a coordinator as a binding does: JSON in, JSON out. Holds every answer against its shape. Thread-safe.</summary>
public sealed class StoreClient(LeaseCoordinator coordinator)
{
    public Answer Ask(Operation operation, string request) => Ask(operation, Encoding.UTF8.GetBytes(request));

    public Answer Ask(Operation operation, ReadOnlySpan<byte> request)
    {
        var reply = new Reply();
        coordinator.Execute(operation, request, reply);
        return Shapes.Read(operation, reply);
    }

    public Answer Register(string agent, ulong priority) =>
        Ask(Operation.RegisterAgent, Request.Of(("agent_id", agent), ("priority", priority)).ToString());

    public Answer Acquire(
        string agent, string predicate = "MUTATES", string path = "src/a.ts", string type = "FILE", string session = "s",
        long ttl = 60_000, string? note = null, string? requestId = null)
    {
        Request request = Request.Acquire(agent, predicate, path).With("resource_type", type).With("session_id", session).With("ttl", ttl);
        request = note is null ? request : request.With("note", note);
        request = requestId is null ? request : request.With("request_id", requestId);
        return Ask(Operation.Acquire, request.ToString());
    }

    public Answer Heartbeat(string leaseId) => OnLease(Operation.Heartbeat, leaseId);

    public Answer Release(string leaseId) => OnLease(Operation.Release, leaseId);

    public Answer Revoke(string leaseId) => OnLease(Operation.Revoke, leaseId);

    public Answer Get(string leaseId) => OnLease(Operation.GetLease, leaseId);

    public Answer Declare(string agent, string session, params object[] intents) =>
        Ask(Operation.DeclareIntents, Request.Declare(agent, session, intents).ToString());

    public Answer Evict() => Ask(Operation.EvictExpired, "{}");

    public Answer List(params (string Name, object? Value)[] filter) => Ask(Operation.ListLeases, Request.Of(filter).ToString());

    /// <summary>The ids of the active leases, in the order they are listed.</summary>
    public string[] ActiveIds(params (string Name, object? Value)[] filter) =>
        [.. List(filter).Data.EnumerateArray().Select(lease => lease.GetProperty("id").GetString()!)];

    /// <summary>What is waited for, as <c>state agent resource</c>, in the order it is listed.</summary>
    public string[] Waiters(params (string Name, object? Value)[] filter) =>
        [.. Ask(Operation.ListWaiters, Request.Of(filter).ToString()).Data.EnumerateArray()
            .Select(claim => $"{claim.GetProperty("state")} {claim.GetProperty("agent_id")} {claim.GetProperty("resource")}")];

    /// <summary>The agents that are remembered, as <c>name=priority</c>.</summary>
    public string[] Agents() =>
        [.. Ask(Operation.ListAgents, "{}").Data.EnumerateArray()
            .Select(agent => $"{agent.GetProperty("agent_id")}={agent.GetProperty("priority")}")];

    /// <summary>Everything that a user of this store can know of what happened after a number.</summary>
    public JsonElement[] Events(long after = 0, int limit = 1_000) =>
        [.. Ask(Operation.Events, Request.Of(("after", after), ("limit", limit)).ToString()).Data.EnumerateArray()];

    /// <summary>All leases of a manifest or none.</summary>
    public Answer AcquireAll(string agent, params object[] intents) =>
        Ask(Operation.AcquireAll, Request.Declare(agent, "s", intents).With("ttl", 60_000).ToString());

    public Answer Change(string leaseId, string predicate) =>
        Ask(Operation.ChangeLease, Request.Of(("lease_id", leaseId), ("predicate", predicate)).ToString());

    public Answer RenewSession(string agent, string session = "s") =>
        Ask(Operation.RenewSession, Request.Of(("agent_id", agent), ("session_id", session)).ToString());

    public Answer EndSession(string agent, string session = "s") =>
        Ask(Operation.EndSession, Request.Of(("agent_id", agent), ("session_id", session)).ToString());

    /// <summary>A request that must have to wait.</summary>
    internal Waiting Begin(Operation operation, Request request) => new(coordinator, operation, request);

    /// <summary>Waits for one lease, an hour by default.</summary>
    internal Waiting Wait(
        string agent, string predicate = "MUTATES", string path = "src/a.ts", long waitMs = 3_600_000,
        string session = "s", string? requestId = null)
    {
        Request request = Request.Acquire(agent, predicate, path).With("session_id", session).With("wait_ms", waitMs);
        return Begin(Operation.Acquire, requestId is null ? request : request.With("request_id", requestId));
    }

    private Answer OnLease(Operation operation, string leaseId) => Ask(operation, Request.Of(("lease_id", leaseId)).ToString());
}
