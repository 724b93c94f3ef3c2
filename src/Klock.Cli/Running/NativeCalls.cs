using System.Runtime.InteropServices;

namespace Klock.Cli.Running;

/// <summary>The calls of the operating system and of shim/child.c.</summary>
internal static partial class NativeCalls
{
    public const int SigKill = 9;

    /// <summary>The file is not there (errno).</summary>
    public const int NoEntry = 2;

    /// <summary>Makes the child of <c>klock run</c>, which waits; see shim/child.c.</summary>
    /// <param name="arguments">The command, found on PATH, and its arguments.</param>
    /// <param name="pid">Its process id, which is its process group's as well; 0 when there is none.</param>
    /// <returns>0, or the errno that says why not.</returns>
    public static int PrepareChild(string[] arguments, out int pid) => Prepare([.. arguments, null], out pid);

    /// <summary>Lets it become its command.</summary>
    /// <param name="pid">Its process id.</param>
    /// <param name="environment">NAME=value, on top of this process's own.</param>
    /// <returns>0, or the errno that says why not.</returns>
    public static int LetChildGo(int pid, string[] environment) => Go(pid, [.. environment, null]);

    [LibraryImport("klock-child", EntryPoint = "klock_child_wait")]
    public static partial void WaitForChild(int pid);

    [LibraryImport("klock-child", EntryPoint = "klock_child_end")]
    public static partial int EndChild(int pid);

    /// <summary>Whether this process was started with the signal ignored.</summary>
    public static bool IsIgnored(int signal) => IsSignalIgnored(signal) != 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int pid, int signal);

    /// <summary>This process becomes another program; returns, with an errno, only when it cannot.</summary>
    public static int Become(string path, string[] arguments)
    {
        Execute(path, [.. arguments, null]);
        return Marshal.GetLastPInvokeError();
    }

    /// <summary>What an errno means.</summary>
    public static string ErrorText(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    [LibraryImport("klock-child", EntryPoint = "klock_child_prepare", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Prepare(string?[] arguments, out int pid);

    [LibraryImport("klock-child", EntryPoint = "klock_child_go", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Go(int pid, string?[] environment);

    [LibraryImport("klock-child", EntryPoint = "klock_signal_is_ignored")]
    private static partial int IsSignalIgnored(int signal);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
