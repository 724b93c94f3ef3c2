using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Agents.Leases;

/// <summary>The leases of a coordinator. For as many threads as the coordinator is.</summary>
/// <param name="coordinator">The coordinator; owned from now on.</param>
/// <param name="space">The namespace of all resources; null for none, or where the coordinator adds one by itself.</param>
internal sealed class CoordinatorLeases(ICoordinator coordinator, string? space = null) : ILeases
{
    public void Register(string agent, long priority)
    {
        // One that is busy has its priority already.
        (JsonElement json, Outcome outcome) = Ask(Operation.RegisterAgent, ("agent_id", agent), ("priority", priority));
        if (!outcome.IsSuccess && outcome.Error != ErrorCode.AgentBusy)
        {
            throw Failure(json, outcome);
        }
    }

    public AcquireAnswer Acquire(
        string agent, IReadOnlyList<WantedResource> wanted, long ttlMs, long waitMs, string? note, CancellationToken cancel)
    {
        (string, object?)[] terms =
        [
            ("agent_id", agent), ("session_id", agent), ("ttl", ttlMs), ("wait_ms", waitMs > 0 ? waitMs : null), ("note", note),
            ("namespace", space),
        ];
        (JsonElement json, Outcome outcome) = wanted is [var only]
            ? coordinator.Ask(
                Operation.Acquire,
                RequestJson.Of([
                    .. terms, ("resource_type", only.Type), ("resource_path", only.Path), ("predicate", only.Predicate)]), cancel)
            : coordinator.Ask(Operation.AcquireAll, RequestJson.Of([.. terms, ("intents", wanted)]), cancel);
        return outcome.IsSuccess ? new AcquireAnswer([.. LeasesOf(json).Select(lease => Text(lease, "lease_id")!)], null, [])
            : outcome.Refusal is null ? throw Failure(json, outcome)
            : new AcquireAnswer([], Text(json, "reason"), [.. ObstaclesOf(json)]);
    }

    public bool Renew(string leaseId, long ttlMs) => Done(Ask(Operation.Heartbeat, ("lease_id", leaseId), ("ttl", ttlMs)));

    public bool Change(string leaseId, string predicate) =>
        Done(Ask(Operation.ChangeLease, ("lease_id", leaseId), ("predicate", predicate)));

    public void Release(string leaseId) => Done(Ask(Operation.Release, ("lease_id", leaseId)));

    public void EndSession(string agent, IReadOnlyCollection<string> except)
    {
        if (except.Count == 0)
        {
            Done(Ask(Operation.EndSession, ("agent_id", agent), ("session_id", agent)));
            return;
        }

        IEnumerable<string> ids = Listed(Ask(Operation.ListLeases, ("agent_id", agent), ("session_id", agent)))
            .Select(lease => Text(lease, "id")!);
        foreach (string id in ids.Except(except).ToList())
        {
            Release(id);
        }
    }

    public IReadOnlyList<HeldResource> Held() => ToHeld(Listed(Ask(Operation.ListLeases, ("limit", (long)Limits.Page))));

    public IReadOnlyList<HeldResource> HeldAt(string resource)
    {
        List<HeldResource> all = [];
        for (object? after = null; ;)
        {
            (JsonElement Json, Outcome Outcome) page = Ask(
                Operation.ListLeases, ("resource", resource), ("namespace", space), ("limit", (long)Limits.Page), ("after", after));
            all.AddRange(ToHeld(Listed(page)));
            if (!page.Json.TryGetProperty("next", out JsonElement next))
            {
                return all;
            }

            after = next.GetInt64();
        }
    }

    public IReadOnlyList<HeldResource> Waiting(string? resource) => ToHeld(Listed(Ask(
        Operation.ListWaiters, ("resource", resource), ("namespace", resource is null ? null : space), ("limit", (long)Limits.Page))));

    public bool IsAwaited(string resource)
    {
        (JsonElement json, Outcome outcome) =
            Ask(Operation.ListWaiters, ("resource", resource), ("namespace", space), ("limit", 1L));
        return outcome.IsSuccess && json.GetProperty("data").GetArrayLength() > 0;
    }

    public void Dispose() => coordinator.Dispose();

    private (JsonElement Json, Outcome Outcome) Ask(Operation operation, params ReadOnlySpan<(string Name, object? Value)> fields) =>
        coordinator.Ask(operation, RequestJson.Of(fields), CancellationToken.None);

    internal static JsonElement[] LeasesOf(JsonElement json)
    {
        JsonElement data = json.GetProperty("data");
        return data.TryGetProperty("leases", out JsonElement several) ? [.. several.EnumerateArray()] : [data];
    }

    private static List<HeldResource> ToHeld(JsonElement.ArrayEnumerator entries) =>
    [
        .. entries.Select(entry => new HeldResource(
            Text(entry, "agent_id")!, Text(entry, "resource")!, Text(entry, "note"), Text(entry, "predicate")!)
        {
            SinceMs = entry.TryGetProperty("acquired_at", out JsonElement since) ? since.GetInt64() : null,
        }),
    ];

    private static JsonElement.ArrayEnumerator Listed((JsonElement Json, Outcome Outcome) answer) =>
        answer.Outcome.IsSuccess ? answer.Json.GetProperty("data").EnumerateArray() : throw Failure(answer.Json, answer.Outcome);

    // A lease that is over is no failure: whoever asks finds out by the answer.
    private static bool Done((JsonElement Json, Outcome Outcome) answer) =>
        answer.Outcome.IsSuccess
        || (answer.Outcome.Error is null or ErrorCode.UnknownLease or ErrorCode.Expired ? false
            : throw Failure(answer.Json, answer.Outcome));

    private static IEnumerable<Obstacle> ObstaclesOf(JsonElement refusal) =>
        refusal.TryGetProperty("conflicts", out JsonElement conflicts)
            ? conflicts.EnumerateArray().Select(conflict => new Obstacle(
                Text(conflict, "agent_id")!, Text(conflict, "resource")!, Text(conflict, "state") != "waiting", Text(conflict, "note")))
            : [];

    private static KlockException Failure(JsonElement json, Outcome outcome) =>
        new(outcome.Error ?? ErrorCode.Internal, Text(json, "error") ?? Text(json, "message") ?? "the request failed");

    private static string? Text(JsonElement json, string field) =>
        json.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
