using Klock.Coordinator.Protocol;

namespace Klock.Storage.Tests.Harness;

/// <summary>One good request for every operation, for tests that spoil a field of it.</summary>
internal static class Samples
{
    /// <summary>Every operation that reads its request.</summary>
    public static readonly Operation[] ReadingRequest =
    [
        Operation.RegisterAgent, Operation.Acquire, Operation.DeclareIntents, Operation.Heartbeat, Operation.Release, Operation.Revoke,
        Operation.ListLeases, Operation.ListAgents, Operation.AcquireAll, Operation.ChangeLease, Operation.RenewSession,
        Operation.EndSession, Operation.Events, Operation.GetLease, Operation.ListWaiters, Operation.Snapshot,
    ];

    /// <summary>A request with every field the operation knows.</summary>
    public static Request Of(Operation operation) => operation switch
    {
        Operation.RegisterAgent => Request.Of(("agent_id", "a"), ("priority", 5)),
        Operation.Acquire => Request.Acquire().With("namespace", "shop").With("wait_ms", 0).With("note", "n").With("request_id", "r"),
        Operation.DeclareIntents => Request.Declare("a", "s", Request.Intent("MUTATES", "src/a.ts")).With("namespace", "shop"),
        Operation.AcquireAll => Request.Declare("a", "s", Request.Intent("CONSUMES", "src/a.ts"))
            .With("namespace", "shop").With("ttl", 60_000).With("wait_ms", 0).With("note", "n").With("request_id", "r"),
        Operation.ChangeLease => Request.Of(("lease_id", new string('0', 32)), ("predicate", "CONSUMES"), ("wait_ms", 0)),
        Operation.RenewSession or Operation.EndSession => Request.Of(("agent_id", "a"), ("session_id", "s")),
        Operation.Events => Request.Of(("after", 0), ("limit", 100)),
        Operation.ListLeases or Operation.ListWaiters => Request.Of(
            ("agent_id", "a"), ("session_id", "s"), ("resource", "FILE:src/a.ts"), ("namespace", "shop"),
            ("limit", 10), ("after", 1)),
        Operation.ListAgents => Request.Of(("limit", 10), ("after", "1:a")),
        Operation.Snapshot => Request.Of(
            ("agent_id", "a"), ("session_id", "s"), ("resource", "FILE:src/a.ts"), ("namespace", "shop"), ("limit", 10),
            ("agents", "none")),
        Operation.Heartbeat => Request.Of(("lease_id", new string('0', 32)), ("ttl", 60_000)),
        Operation.Release or Operation.Revoke or Operation.GetLease => Request.Of(("lease_id", new string('0', 32))),
        _ => Request.Of(),
    };
}
