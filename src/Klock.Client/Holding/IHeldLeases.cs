namespace Klock.Client.Holding;

/// <summary>The leases of one request, and the calls to where they were granted. Nothing here throws: a failure is an answer.</summary>
public interface IHeldLeases
{
    /// <summary>Their ids.</summary>
    IReadOnlyList<string> Ids { get; }

    /// <summary>The ttl of each of them.</summary>
    TimeSpan Ttl { get; }

    /// <summary>How many servers share the time for an answer: each has to be asked before it is over.</summary>
    int Servers => 1;

    /// <summary>Sends one renewal of one lease.</summary>
    /// <param name="id">The lease.</param>
    /// <param name="limit">Cancelled when the answer comes too late.</param>
    LeaseAnswer Renew(string id, CancellationToken limit);

    /// <summary>Checks whether all of them are there.</summary>
    /// <param name="limit">Cancelled when the answer comes too late.</param>
    LeaseAnswer Look(CancellationToken limit);

    /// <summary>Sends one release of one lease.</summary>
    /// <param name="id">The lease.</param>
    /// <param name="limit">Cancelled when the answer comes too late.</param>
    LeaseAnswer Release(string id, CancellationToken limit);
}
