using Klock.Coordinator;

namespace Klock.Storage.Tests.Harness;

/// <summary>One good request for every operation, for tests that spoil a field of it.</summary>
internal static class Samples
{
    /// <summary>Every operation that reads its request.</summary>
    public static readonly Operation[] ReadingRequest =
    [
        Operation.RegisterAgent, Operation.Acquire, Operation.DeclareIntents, Operation.Heartbeat, Operation.Release, Operation.Revoke,
        Operation.ListLeases, Operation.ListAgents,
    ];

    /// <summary>A request with every field the operation knows.</summary>
    public static Request Of(Operation operation) => operation switch
    {
        Operation.RegisterAgent => Request.Of(("agent_id", "a"), ("priority", 5)),
        Operation.Acquire => Request.Acquire().With("note", "n").With("request_id", "r"),
        Operation.DeclareIntents => Request.Declare("a", "s", Request.Intent("MUTATES", "src/a.ts")),
        Operation.ListLeases => Request.Of(("agent_id", "a"), ("session_id", "s"), ("resource", "FILE:src/a.ts")),
        Operation.Heartbeat or Operation.Release or Operation.Revoke => Request.Of(("lease_id", new string('0', 32))),
        _ => Request.Of(),
    };
}
