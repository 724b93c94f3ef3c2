using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Klock.Cli.Running;

/// <summary>The calls of the operating system and of shim/child.c.</summary>
internal static partial class NativeCalls
{
    public const int SigKill = 9;

    public const int SigContinue = 18;

    public const int SigTerminalStop = 20;

    /// <summary>The leases were over before the child could become its command: no errno.</summary>
    public const int Late = -1;

    /// <summary>The file is not there (errno).</summary>
    public const int NoEntry = 2;

    private const int MostKeyBytes = 32;

    /// <summary>Forks the child of <c>klock run</c>, which waits; see shim/child.c.</summary>
    /// <param name="arguments">The command, found on PATH, and its arguments.</param>
    /// <param name="pid">Its process id, which is its process group's as well; 0 when there is none.</param>
    /// <returns>0, or the errno that says why not.</returns>
    [SupportedOSPlatform("linux")]
    public static int PrepareChild(string[] arguments, out int pid) => Prepare([.. arguments, null], out pid);

    /// <summary>Starts the child's command.</summary>
    /// <param name="pid">Its process id.</param>
    /// <param name="environment">NAME=value, on top of this process's own.</param>
    /// <param name="clock">The number of the clock of its leases.</param>
    /// <param name="untilNs">When they are over on that clock, in ns.</param>
    /// <param name="endsWhenLate">Whether its group is ended at that time, also after it has started.</param>
    /// <returns>0, <see cref="Late"/>, or the errno that says why not.</returns>
    [SupportedOSPlatform("linux")]
    public static int LetChildGo(int pid, string[] environment, int clock, long untilNs, bool endsWhenLate) =>
        Go(pid, [.. environment, null], clock, untilNs, endsWhenLate ? 1 : 0);

    /// <summary>Sets until when the leases last from now on. Thread-safe.</summary>
    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_child_extend")]
    public static partial void ExtendChild(int clock, long untilNs);

    /// <summary>Stops the child's group and this process, until this process is continued. Thread-safe.</summary>
    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_child_stop")]
    public static partial void StopChild(int pid);

    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_child_wait")]
    public static partial void WaitForChild(int pid);

    /// <summary>Reaps it, and returns whether its group was ended because the leases were over.</summary>
    [SupportedOSPlatform("linux")]
    public static int EndChild(int pid, out bool isLate)
    {
        int code = End(pid, out int late);
        isLate = late != 0;
        return code;
    }

    /// <summary>Stops this process until it is continued.</summary>
    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_stop_self")]
    public static partial void StopSelf();

    /// <summary>Restores the terminal to its state before the first key.</summary>
    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_keys_end")]
    public static partial void EndKeys();

    /// <summary>Waits for keys of the terminal: what they sent, "" when the time is up, null when the terminal is gone.</summary>
    [SupportedOSPlatform("linux")]
    public static unsafe string? ReadKeys(TimeSpan wait)
    {
        byte* bytes = stackalloc byte[MostKeyBytes];
        int got = ReadKeys(bytes, MostKeyBytes, (int)wait.TotalMilliseconds);
        return got < 0 ? null : Encoding.ASCII.GetString(bytes, got);
    }

    /// <summary>Whether this process was started with the signal ignored.</summary>
    public static bool IsIgnored(int signal) => OperatingSystem.IsLinux() && IsSignalIgnored(signal) != 0;

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int pid, int signal);

    /// <summary>Whether so many more threads can run at once, at most 32: they are started and end again.</summary>
    public static bool CanStartThreads(int count) => !OperatingSystem.IsLinux() || CanStart(count) != 0;

    /// <summary>Replaces this process by another program (exec); returns, with an errno, only when that fails.</summary>
    [UnsupportedOSPlatform("windows")]
    public static int Become(string path, string[] arguments)
    {
        Execute(path, [.. arguments, null]);
        return Marshal.GetLastPInvokeError();
    }

    /// <summary>What an errno means.</summary>
    public static string ErrorText(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_child_prepare", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Prepare(string?[] arguments, out int pid);

    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_child_go", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Go(int pid, string?[] environment, int clock, long untilNs, int endsWhenLate);

    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_child_end")]
    private static partial int End(int pid, out int late);

    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_keys_read")]
    private static unsafe partial int ReadKeys(byte* bytes, int size, int timeoutMs);

    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-child", EntryPoint = "klock_signal_is_ignored")]
    private static partial int IsSignalIgnored(int signal);

    [SupportedOSPlatform("linux")]
    [LibraryImport("klock-room", EntryPoint = "klock_can_start_threads")]
    private static partial int CanStart(int count);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
