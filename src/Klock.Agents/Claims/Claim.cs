using Klock.Agents.Leases;
using Klock.Client.Places;

namespace Klock.Agents.Claims;

/// <summary>A file that an agent has claimed.</summary>
/// <param name="Connection">Over which connection.</param>
/// <param name="Agent">Who.</param>
/// <param name="StoreId">In which store.</param>
/// <param name="Leases">The store's leases.</param>
/// <param name="Where">Where hooks remember it; null where there are none.</param>
/// <param name="LeaseId">The lease.</param>
/// <param name="Name">The file's name in leases.</param>
/// <param name="Predicate">For what, as in <c>MUTATES</c>.</param>
/// <param name="Note">Why; null when nothing was said.</param>
/// <param name="SinceMs">Since when, in ms since 1970.</param>
internal sealed record Claim(
    string Connection, string Agent, string StoreId, ILeases Leases, StorePlace? Where, string LeaseId, string Name, string Predicate,
    string? Note, long SinceMs)
{
    /// <summary>Whether it is on this file.</summary>
    public bool IsOn(ClaimFile file) => StoreId == file.Store.Id && Name == file.Name;
}
