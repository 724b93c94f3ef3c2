using Klock.Agents.Leases;
using Klock.Agents.Policy;
using Klock.Kernel.Resources;

namespace Klock.Agents.Claims;

/// <summary>A store in which files are claimed.</summary>
/// <param name="Id">Which: two with the same one are the same store.</param>
/// <param name="Leases">Its leases; for any thread, as long as the process lives.</param>
/// <param name="Place">What hooks remember there, for this call; null where there are no hooks.</param>
internal sealed record ClaimStore(string Id, ILeases Leases, Place? Place);

/// <summary>A file, or a folder and all in it, that is claimed or asked about.</summary>
/// <param name="Name">Its name in leases, which is also what it is called to models.</param>
/// <param name="Store">The store it belongs to.</param>
internal sealed record ClaimFile(string Name, ClaimStore Store)
{
    /// <summary>The resource, as answers name it.</summary>
    public string Resource => $"{ResourceType.File.ToName()}:{Name}";
}
