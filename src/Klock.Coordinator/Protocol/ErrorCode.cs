namespace Klock.Coordinator.Protocol;

/// <summary>Why a request could not be carried out. A refusal (WAIT, DIE) is not an error.</summary>
public enum ErrorCode
{
    /// <summary>A field is missing, of the wrong type, or outside its limits; or the request is not JSON.</summary>
    InvalidRequest,

    /// <summary>No such lease is known.</summary>
    UnknownLease,

    /// <summary>The lease has run out.</summary>
    Expired,

    /// <summary>The agent holds something, and its priority may not change while it does.</summary>
    AgentBusy,

    /// <summary>The request as a whole is over 1 MiB.</summary>
    PayloadTooLarge,

    /// <summary>The store failed: what was not stored was neither granted nor changed.</summary>
    StorageUnavailable,

    /// <summary>The handle is closed, was never open, or was inherited over a fork.</summary>
    Closed,

    /// <summary>A defect in Klock.</summary>
    Internal,

    /// <summary>The request came without a valid key.</summary>
    Unauthorized,

    /// <summary>The key may not do this, or the request comes from a web page of another site.</summary>
    Forbidden,
}
