using Klock.Kernel.Conflicts;
using Klock.Kernel.Leases;

namespace Klock.Kernel;

/// <summary>The answer to an acquire: the lease, or what stands in its way.</summary>
/// <param name="Lease">The lease; null when the request was refused.</param>
/// <param name="Conflicts">What stands in the way of a refused request, and the verdict; valid until the next command.</param>
public readonly record struct AcquireOutcome(Lease? Lease, ConflictSet Conflicts);
