using Klock.Coordinator.Protocol;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Klock.Server.Routes;

/// <summary>Every route that an operation answers. The server and its document are both made from this table.</summary>
internal static class RouteTable
{
    /// <summary>The routes.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        new("GET", "/health", Operation.Health, Input.Nothing, Status200OK,
            "Whether the store works, and how much is in it. Never needs a key."),
        new("POST", "/agents", Operation.RegisterAgent, Input.Body, Status201Created,
            "Register an agent, or give an idle one another priority."),
        new("GET", "/agents", Operation.ListAgents, Input.Query, Status200OK, "The agents that are remembered, the oldest first."),
        new("POST", "/leases", Operation.Acquire, Input.Body, Status201Created,
            "Ask for one lease; with wait_ms the answer may take as long."),
        new("GET", "/leases", Operation.ListLeases, Input.Query, Status200OK, "Active leases, in the order they were granted."),
        new("GET", "/waiters", Operation.ListWaiters, Input.Query, Status200OK,
            "What is waited for: the queue first, the parked requests after it, each in its order."),
        new("GET", "/snapshot", Operation.Snapshot, Input.Query, Status200OK,
            "Leases, waiters and agents as they are at one event, and its number: events after it are all that happens since."),
        new("GET", "/leases/{id}", Operation.GetLease, Input.Lease, Status200OK, "One active lease."),
        new("DELETE", "/leases/{id}", Operation.Release, Input.Lease, Status200OK, "Let a lease go."),
        new("PATCH", "/leases/{id}", Operation.ChangeLease, Input.BodyOnLease, Status201Created, "Change a lease's predicate in place."),
        new("POST", "/leases/{id}/heartbeat", Operation.Heartbeat, Input.LeaseAndBody, Status200OK,
            "Renew a lease: it lasts its ttl from now."),
        new("POST", "/leases/{id}/revoke", Operation.Revoke, Input.Lease, Status200OK,
            "Take a lease away from its holder: for an operator."),
        new(
            "POST", "/intents", Operation.DeclareIntents, Input.Body, Status200OK,
            "Ask what would happen to a manifest and leave nothing behind; with ttl: acquire all its leases or none."),
        new("POST", "/evict", Operation.EvictExpired, Input.Nothing, Status200OK, "Clear away what has run out. Never needed."),
        new(
            "POST", "/sessions/{agent}/{session}/heartbeat", Operation.RenewSession, Input.Session, Status200OK,
            "Renew all leases of a session, and its waits."),
        new(
            "DELETE", "/sessions/{agent}/{session}", Operation.EndSession, Input.Session, Status200OK,
            "Release all leases of a session, and end its waits."),
    ];
}
