using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;

namespace Klock.Kernel;

/// <summary>The answer to a request. Valid until the table's next command.</summary>
/// <param name="Leases">What was granted, in the order it was asked for; empty when nothing was.</param>
/// <param name="Waiter">The request's place among those who wait; null when it was granted or refused.</param>
/// <param name="Conflicts">What stands in the way of a request that was not granted, and the verdict.</param>
public readonly record struct AcquireOutcome(IReadOnlyList<Lease> Leases, Waiter? Waiter, ConflictSet Conflicts)
{
    /// <summary>Whether it was granted.</summary>
    public bool IsGranted => Leases.Count > 0;
}
