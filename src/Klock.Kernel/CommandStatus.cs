namespace Klock.Kernel;

/// <summary>Whether a command could be carried out, and if not, why. A refused request is carried out: its answer is the refusal.</summary>
public enum CommandStatus
{
    /// <summary>The command was carried out; a refusal of leases is that too.</summary>
    Done,

    /// <summary>The agent holds or waits for something, and its priority may not change while it does.</summary>
    AgentBusy,

    /// <summary>No such lease is known: it was released or revoked, ended long ago, or never existed.</summary>
    UnknownLease,

    /// <summary>The lease has run out.</summary>
    LeaseExpired,

    /// <summary>The request id names leases that were granted for something else.</summary>
    RequestIdReused,

    /// <summary>Another change of the lease is queued already, and there is at most one.</summary>
    ChangeAlreadyQueued,

    /// <summary>The table has as many leases as its limit allows.</summary>
    TooManyLeases,

    /// <summary>The session has as many leases as the limit allows.</summary>
    TooManyLeasesOfSession,

    /// <summary>As many requests wait as the limit allows.</summary>
    TooManyWaits,

    /// <summary>As many requests of the session wait as the limit allows.</summary>
    TooManyWaitsOfSession,

    /// <summary>As many requests wait for one of the names as the limit allows.</summary>
    TooManyWaitsForName,
}
