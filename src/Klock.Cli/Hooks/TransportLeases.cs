using System.Text.Json;
using Klock.Agents.Leases;
using Klock.Cli.Naming;
using Klock.Cli.Running;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Hooks;

/// <summary>The leases of a store or a server, for the policy of hooks.</summary>
internal sealed class TransportLeases(ITransport transport) : ILeases
{
    public void Register(string agent, long priority)
    {
        // One that is busy has its priority already.
        Answer answer = transport.Ask(Operation.RegisterAgent, Request.Of(("agent_id", agent), ("priority", priority)));
        if (!answer.Outcome.IsSuccess && answer.Outcome.Error != ErrorCode.AgentBusy)
        {
            throw answer.ToFailure();
        }
    }

    public AcquireAnswer Acquire(
        string agent, IReadOnlyList<WantedResource> wanted, long ttlMs, long waitMs, CancellationToken cancel)
    {
        var request = new LeaseRequest(
            agent, agent, [.. wanted.Select(each => new Wanted(new Named(each.Type, each.Path, Location: null), each.Predicate))],
            ttlMs, waitMs, Note: null, Priority: null);
        Answer answer = request.SendOnce(transport, requestId: null, waitMs > 0 ? waitMs : null, cancel);
        return answer.Outcome.IsSuccess
            ? new AcquireAnswer([.. LeaseRequest.LeasesOf(answer).Select(lease => lease.GetProperty("lease_id").GetString()!)], null, [])
            : answer.Outcome.Refusal is null ? throw answer.ToFailure()
            : new AcquireAnswer([], answer.Json.GetProperty("reason").GetString(), [.. ObstaclesOf(answer.Json)]);
    }

    public bool Renew(string leaseId, long ttlMs) => Done(transport.Ask(Operation.Heartbeat, Request.OnLease(leaseId, ttlMs)));

    public bool Change(string leaseId, string predicate) =>
        Done(transport.Ask(Operation.ChangeLease, Request.Of(("lease_id", leaseId), ("predicate", predicate))));

    public void Release(string leaseId) => Done(transport.Ask(Operation.Release, Request.OnLease(leaseId)));

    public void EndSession(string agent) =>
        Done(transport.Ask(Operation.EndSession, Request.Of(("agent_id", agent), ("session_id", agent))));

    public IReadOnlyList<HeldResource> Held() =>
        [.. Listed(transport.Ask(Operation.ListLeases, Request.Of(("limit", (long)Limits.Page)))).Select(HeldOf)];

    public IReadOnlyList<HeldResource> HeldAt(string resource) =>
        [.. Listed(LongList.Ask(transport, Operation.ListLeases, [("resource", resource)])).Select(HeldOf)];

    public bool IsAwaited(string resource)
    {
        Answer answer = transport.Ask(Operation.ListWaiters, Request.Of(("resource", resource), ("limit", 1L)));
        return answer.Outcome.IsSuccess && answer.Data.GetArrayLength() > 0;
    }

    public void Dispose() => transport.Dispose();

    private static JsonElement.ArrayEnumerator Listed(Answer answer) =>
        answer.Outcome.IsSuccess ? answer.Data.EnumerateArray() : throw answer.ToFailure();

    private static HeldResource HeldOf(JsonElement lease) => new(
        lease.GetProperty("agent_id").GetString()!, lease.GetProperty("resource").GetString()!, TextOf(lease, "note"),
        lease.GetProperty("predicate").GetString()!);

    // A lease that is over is no failure: whoever asks finds out by the answer.
    private static bool Done(Answer answer) =>
        answer.Outcome.IsSuccess
        || (answer.Outcome.Error is null or ErrorCode.UnknownLease or ErrorCode.Expired ? false : throw answer.ToFailure());

    private static IEnumerable<Obstacle> ObstaclesOf(JsonElement refusal) =>
        refusal.TryGetProperty("conflicts", out JsonElement conflicts)
            ? conflicts.EnumerateArray().Select(conflict => new Obstacle(
                conflict.GetProperty("agent_id").GetString()!, conflict.GetProperty("resource").GetString()!,
                TextOf(conflict, "state") != "waiting", TextOf(conflict, "note")))
            : [];

    private static string? TextOf(JsonElement json, string field) =>
        json.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
