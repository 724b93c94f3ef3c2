namespace Klock.Agents.Leases;

/// <summary>The leases of one store or server, as the policy needs them.</summary>
internal interface ILeases : IDisposable
{
    /// <summary>Makes an agent known with a priority. One that has leases keeps the priority it has.</summary>
    void Register(string agent, long priority);

    /// <summary>Asks for leases, all or none.</summary>
    /// <param name="agent">Who: its agent id and its session id.</param>
    /// <param name="wanted">On what, and to do what.</param>
    /// <param name="ttlMs">How long they last, in ms.</param>
    /// <param name="waitMs">How long to wait at the most, in ms; 0 not to.</param>
    /// <param name="note">Why, for those who are refused because of them; null to say nothing.</param>
    /// <param name="cancel">Gives up waiting; nothing is left behind.</param>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    AcquireAnswer Acquire(
        string agent, IReadOnlyList<WantedResource> wanted, long ttlMs, long waitMs, string? note, CancellationToken cancel);

    /// <summary>Renews a lease for another ttl. Returns whether it was still there.</summary>
    bool Renew(string leaseId, long ttlMs);

    /// <summary>Changes what a lease allows. Returns whether that was granted at once.</summary>
    bool Change(string leaseId, string predicate);

    /// <summary>Releases a lease; one that is over is left alone.</summary>
    void Release(string leaseId);

    /// <summary>Releases all leases of an agent, except these.</summary>
    void EndSession(string agent, IReadOnlyCollection<string> except);

    /// <summary>Active leases: all of them, or of very many the first page (docs/limits.md).</summary>
    IReadOnlyList<HeldResource> Held();

    /// <summary>All active leases on a resource, on what contains it and on what lies in it, however many.</summary>
    IReadOnlyList<HeldResource> HeldAt(string resource);

    /// <summary>What is waited for, in order; with a resource: for it, for what contains it and for what lies in it.</summary>
    IReadOnlyList<HeldResource> Waiting(string? resource);

    /// <summary>Whether somebody waits for a resource, or for something that contains it or lies in it.</summary>
    bool IsAwaited(string resource);
}
