namespace Klock.Client.Holding;

/// <summary>The leases of one request, and the way to whoever granted them. Nothing here throws: what fails is an answer.</summary>
public interface IHeldLeases
{
    /// <summary>Their ids.</summary>
    IReadOnlyList<string> Ids { get; }

    /// <summary>What each of them lasts.</summary>
    TimeSpan Ttl { get; }

    /// <summary>Sends one renewal of one lease.</summary>
    /// <param name="id">Which.</param>
    /// <param name="limit">Cancelled when the answer comes too late.</param>
    LeaseAnswer Renew(string id, CancellationToken limit);

    /// <summary>Reads whether all of them are there.</summary>
    /// <param name="limit">Cancelled when the answer comes too late.</param>
    LeaseAnswer Look(CancellationToken limit);

    /// <summary>Sends one release of one lease.</summary>
    /// <param name="id">Which.</param>
    /// <param name="limit">Cancelled when the answer comes too late.</param>
    LeaseAnswer Release(string id, CancellationToken limit);
}
