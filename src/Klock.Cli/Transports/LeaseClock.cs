using System.Runtime.InteropServices;

namespace Klock.Cli.Transports;

/// <summary>The clock that a holder measures by (KLIS-4), with timestamps in ns, as shim/guard.c reads them.</summary>
/// <remarks>
/// A store of this machine stops with it while it is suspended; a server elsewhere does not, and so its holders' clock must not either.
/// </remarks>
internal sealed partial class LeaseClock : TimeProvider
{
    private const long NsASecond = 1_000_000_000;

    private LeaseClock(int id) => Id = id;

    /// <summary>CLOCK_MONOTONIC, which stands still while the machine is suspended: for a store of this machine.</summary>
    public static LeaseClock Monotonic { get; } = new(1);

    /// <summary>CLOCK_BOOTTIME, which does not: for leases of a server.</summary>
    public static LeaseClock BootTime { get; } = new(7);

    /// <summary>Its number on Linux (clock_gettime(2)).</summary>
    public int Id { get; }

    public override long TimestampFrequency => NsASecond;

    public override long GetTimestamp()
    {
        _ = GetTime(Id, out TimeSpec now);
        return (now.Seconds * NsASecond) + now.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int id, out TimeSpec now);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
