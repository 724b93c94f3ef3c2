namespace Klock.Server.Routes;

/// <summary>Where a route's request to the coordinator comes from.</summary>
internal enum Input
{
    /// <summary>There is no input.</summary>
    Nothing,

    /// <summary>The body, a JSON object.</summary>
    Body,

    /// <summary>The body, and the lease that the path names.</summary>
    BodyOnLease,

    /// <summary>The lease that the path names.</summary>
    Lease,

    /// <summary>The lease that the path names, and an optional body.</summary>
    LeaseAndBody,

    /// <summary>The agent and session that the path names.</summary>
    Session,

    /// <summary>The query.</summary>
    Query,
}
