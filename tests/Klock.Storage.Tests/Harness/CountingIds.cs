using Klock.Coordinator.Ids;
using Klock.Kernel.Claims;

namespace Klock.Storage.Tests.Harness;

/// <summary>Lease ids 1, 2, 3, …: where a test needs to know that no two are the same, not that they cannot be guessed.</summary>
public sealed class CountingIds : ILeaseIdSource
{
    private long _last;

    public LeaseId Next() => new((UInt128)Interlocked.Increment(ref _last));
}
