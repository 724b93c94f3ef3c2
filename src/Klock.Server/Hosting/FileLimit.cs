using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Server.Hosting;

/// <summary>The limit on open files, and so on connections, of the process.</summary>
/// <remarks>A shell usually sets 1,024 and lets a program raise it; at the limit new clients would hang without an error.</remarks>
internal static partial class FileLimit
{
    /// <summary>How many are reserved for the store, the log and the runtime itself.</summary>
    public const int Reserved = 64;

    private const int OpenFiles = 7;

    /// <summary>Raises it as far as the process may; returns the new limit.</summary>
    public static long Raise()
    {
        if (!OperatingSystem.IsLinux() || ReadLimit(OpenFiles, out Limit limit) != 0)
        {
            return long.MaxValue;
        }

        if (limit.Soft < limit.Hard && SetLimit(OpenFiles, limit with { Soft = limit.Hard }) == 0)
        {
            limit.Soft = limit.Hard;
        }

        return (long)Math.Min(limit.Soft, long.MaxValue);
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int ReadLimit(int resource, out Limit limit);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
