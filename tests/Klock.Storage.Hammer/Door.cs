using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Klock.Coordinator;

namespace Klock.Storage.Hammer;

/// <summary>Asks a coordinator. Not thread-safe; each worker has its own, on a coordinator that they may share.</summary>
public sealed class Door(LeaseCoordinator coordinator)
{
    private readonly ArrayBufferWriter<byte> _answer = new();

    public Reply Acquire(string agent, (string Type, string Path, string Predicate) claim, long ttlMs, string? note = null) => Ask(
        Operation.Acquire,
        new JsonObject
        {
            ["agent_id"] = agent, ["session_id"] = "session", ["resource_type"] = claim.Type, ["resource_path"] = claim.Path,
            ["predicate"] = claim.Predicate, ["ttl"] = ttlMs, ["note"] = note,
        });

    public Reply Heartbeat(string leaseId) => Ask(Operation.Heartbeat, new JsonObject { ["lease_id"] = leaseId });

    public Reply Release(string leaseId) => Ask(Operation.Release, new JsonObject { ["lease_id"] = leaseId });

    public Reply Register(string agent, ulong priority) =>
        Ask(Operation.RegisterAgent, new JsonObject { ["agent_id"] = agent, ["priority"] = priority });

    public Reply Health() => Ask(Operation.Health, []);

    private Reply Ask(Operation operation, JsonObject request)
    {
        coordinator.Execute(operation, JsonSerializer.SerializeToUtf8Bytes(request), _answer);
        using var answer = JsonDocument.Parse(_answer.WrittenMemory);
        return Reply.From(answer.RootElement);
    }
}
