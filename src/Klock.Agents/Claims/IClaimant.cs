using Klock.Agents.Leases;

namespace Klock.Agents.Claims;

/// <summary>An agent that calls a tool of <c>klock mcp</c>.</summary>
internal interface IClaimant
{
    /// <summary>Its agent id, and the session id of its leases.</summary>
    string Agent { get; }

    /// <summary>Which connection it calls over: its claims end with that.</summary>
    string Connection { get; }

    /// <summary>Cancelled when it gives up.</summary>
    CancellationToken Cancel { get; }

    /// <summary>The file that it means by a path, or the folder and all in it by one that ends in <c>/**</c>.</summary>
    /// <exception cref="Coordinator.Protocol.KlockException">There is no such path.</exception>
    ClaimFile Find(string path);

    /// <summary>The stores that it may have something in.</summary>
    IReadOnlyList<ClaimStore> Stores();

    /// <summary>Asks for leases, all or none, and waits for them.</summary>
    /// <param name="store">In which store.</param>
    /// <param name="wanted">On what.</param>
    /// <param name="waitMs">How long to wait at the most, in ms; 0 not to.</param>
    /// <param name="note">Why; null to say nothing.</param>
    /// <exception cref="OperationCanceledException">It gave up.</exception>
    AcquireAnswer Ask(ClaimStore store, IReadOnlyList<WantedResource> wanted, long waitMs, string? note);
}
