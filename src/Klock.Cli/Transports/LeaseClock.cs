using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Cli.Transports;

/// <summary>The clock that a holder measures by (KLIS-4), with timestamps in ns, as shim/guard.c reads them.</summary>
/// <remarks>
/// A store of this machine stops with it while it is suspended; a server elsewhere does not, and so its holders' clock must not either.
/// </remarks>
internal sealed partial class LeaseClock : TimeProvider
{
    private const long NsASecond = 1_000_000_000;

    // macOS numbers them otherwise: CLOCK_UPTIME_RAW, CLOCK_MONOTONIC (clock_gettime(3) there).
    private const int MonotonicOfMacOS = 8, BootTimeOfMacOS = 6;

    private readonly int _ofMacOS;

    private LeaseClock(int id, int ofMacOS)
    {
        Id = id;
        _ofMacOS = ofMacOS;
    }

    /// <summary>CLOCK_MONOTONIC, which stands still while the machine is suspended: for a store of this machine.</summary>
    public static LeaseClock Monotonic { get; } = new(1, MonotonicOfMacOS);

    /// <summary>CLOCK_BOOTTIME, which does not: for leases of a server.</summary>
    public static LeaseClock BootTime { get; } = new(7, BootTimeOfMacOS);

    /// <summary>Its number on Linux (clock_gettime(2)).</summary>
    public int Id { get; }

    public override long TimestampFrequency => NsASecond;

    /// <remarks>The only clock of Windows goes on while the machine is suspended: holders let go too early there, never too late.</remarks>
    public override long GetTimestamp()
    {
        if (OperatingSystem.IsWindows())
        {
            return System.GetElapsedTime(0).Ticks * (NsASecond / TimeSpan.TicksPerSecond);
        }

        _ = GetTime(OperatingSystem.IsMacOS() ? _ofMacOS : Id, out TimeSpec now);
        return (now.Seconds * NsASecond) + now.Nanoseconds;
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int id, out TimeSpec now);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
