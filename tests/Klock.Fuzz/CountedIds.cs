using Klock.Coordinator.Ids;
using Klock.Kernel.Claims;

namespace Klock.Fuzz;

/// <summary>Lease ids 2, 3, 4 and so on, so that an input can name the leases it was given.</summary>
internal sealed class CountedIds : ILeaseIdSource
{
    private ulong _last = 1;

    public LeaseId Next() => new(++_last);
}
