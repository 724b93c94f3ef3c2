using System.Runtime.InteropServices;

namespace Klock.Server.Hosting;

/// <summary>How many files, and so connections, the process may have open.</summary>
/// <remarks>A shell usually gives 1,024 and lets a program take more; at the limit new clients would hang rather than be told.</remarks>
internal static partial class FileLimit
{
    /// <summary>What is left for the store, the log and the runtime itself.</summary>
    public const int Reserved = 64;

    private const int OpenFiles = 7;

    /// <summary>Takes as many as the process may; answers how many that is.</summary>
    public static long Raise()
    {
        if (ReadLimit(OpenFiles, out Limit limit) != 0)
        {
            return long.MaxValue;
        }

        if (limit.Soft < limit.Hard && SetLimit(OpenFiles, limit with { Soft = limit.Hard }) == 0)
        {
            limit.Soft = limit.Hard;
        }

        return (long)Math.Min(limit.Soft, long.MaxValue);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int ReadLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
