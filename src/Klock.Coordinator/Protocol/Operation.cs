namespace Klock.Coordinator.Protocol;

/// <summary>Everything that can be asked of a coordinator.</summary>
public enum Operation
{
    /// <summary><c>{agent_id, priority}</c></summary>
    RegisterAgent,

    /// <summary><c>{agent_id, session_id, resource_type, resource_path, predicate, ttl, wait_ms?, note?, request_id?}</c></summary>
    Acquire,

    /// <summary>
    /// <c>{agent_id, session_id, ttl, wait_ms?, note?, request_id?, intents: [{predicate, resource_type, resource_path}]}</c>
    /// </summary>
    AcquireAll,

    /// <summary><c>{agent_id, session_id, intents: [{predicate, resource_type, resource_path}]}</c></summary>
    DeclareIntents,

    /// <summary><c>{lease_id, ttl?}</c></summary>
    Heartbeat,

    /// <summary><c>{lease_id}</c></summary>
    Release,

    /// <summary><c>{lease_id}</c></summary>
    Revoke,

    /// <summary><c>{agent_id?, session_id?, resource?}</c></summary>
    ListLeases,

    /// <summary><c>{after?, limit?}</c></summary>
    ListAgents,

    /// <summary><c>{lease_id, predicate, wait_ms?}</c></summary>
    ChangeLease,

    /// <summary><c>{agent_id, session_id}</c></summary>
    RenewSession,

    /// <summary><c>{agent_id, session_id}</c></summary>
    EndSession,

    /// <summary><c>{after?, limit?}</c></summary>
    Events,

    /// <summary><c>{}</c></summary>
    EvictExpired,

    /// <summary><c>{lease_id}</c></summary>
    GetLease,

    /// <summary><c>{}</c></summary>
    Health,

    /// <summary><c>{agent_id?, session_id?, resource?}</c></summary>
    ListWaiters,

    /// <summary><c>{agent_id?, session_id?, resource?, namespace?, limit?}</c></summary>
    Snapshot,
}
