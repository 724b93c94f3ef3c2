using System.Text.Json;
using System.Text.Json.Nodes;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;

namespace Klock.Storage.Hammer;

/// <summary>Asks a coordinator. Not thread-safe; each worker has its own, on a coordinator that they may share.</summary>
public sealed class Door(LeaseCoordinator coordinator)
{
    private readonly Reply _reply = new();

    public Heard Acquire(string agent, (string Type, string Path, string Predicate) claim, long ttlMs, string? note = null) => Ask(
        Operation.Acquire,
        new JsonObject
        {
            ["agent_id"] = agent, ["session_id"] = "session", ["resource_type"] = claim.Type, ["resource_path"] = claim.Path,
            ["predicate"] = claim.Predicate, ["ttl"] = ttlMs, ["note"] = note,
        });

    public Heard Heartbeat(string leaseId) => Ask(Operation.Heartbeat, new JsonObject { ["lease_id"] = leaseId });

    public Heard Release(string leaseId) => Ask(Operation.Release, new JsonObject { ["lease_id"] = leaseId });

    public Heard Register(string agent, ulong priority) =>
        Ask(Operation.RegisterAgent, new JsonObject { ["agent_id"] = agent, ["priority"] = priority });

    public Heard Health() => Ask(Operation.Health, []);

    private Heard Ask(Operation operation, JsonObject request)
    {
        coordinator.Execute(operation, JsonSerializer.SerializeToUtf8Bytes(request), _reply);
        using var answer = JsonDocument.Parse(_reply.Text);
        return Heard.From(answer.RootElement);
    }
}
