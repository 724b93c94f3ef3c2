using Klock.Coordinator.Ids;
using Klock.Kernel.Claims;

namespace Klock.Native.Testing;

/// <summary>Lease ids that follow from a seed, so that two libraries can be made to give the same ones. Thread-safe.</summary>
/// <param name="seed">Any number.</param>
internal sealed class SeededIds(ulong seed) : ILeaseIdSource
{
    private readonly Lock _lock = new();
    private ulong _state = seed;

    /// <inheritdoc />
    public LeaseId Next()
    {
        lock (_lock)
        {
            return new LeaseId(new UInt128(NextWord_NeedsLock(), NextWord_NeedsLock()));
        }
    }

    // SplitMix64: one to one from its state, which never repeats, so no id repeats either.
    private ulong NextWord_NeedsLock()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
