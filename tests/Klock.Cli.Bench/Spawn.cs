using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Klock.Cli.Bench;

/// <summary>Runs a program and does nothing else: what System.Diagnostics.Process does around it would be measured too.</summary>
internal static unsafe partial class Spawn
{
    // More than posix_spawn_file_actions_t has anywhere.
    private const int FileActionsBytes = 256;
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;

    /// <summary>Runs it to its end with stdout on /dev/null.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">The file that is its stdin; null for the caller's.</param>
    /// <returns>How long that took, in ms.</returns>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
    public static double Run(string[] command, string? input = null)
    {
        byte* actions = stackalloc byte[FileActionsBytes];
        Check(InitActions(actions));
        Check(AddOpen(actions, 1, "/dev/null", WriteOnly, 0));
        if (input is not null)
        {
            Check(AddOpen(actions, 0, input, ReadOnly, 0));
        }

        nint* environment = *(nint**)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "environ");
        long start = TimeProvider.System.GetTimestamp();
        Check(Start(out int pid, command[0], actions, null, [.. command, null], environment));
        Wait(pid, out int status, 0);
        double ms = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        return status == 0 ? ms : throw new InvalidOperationException($"{string.Join(' ', command)} ended with status {status}");
    }

    private static void Check(int problem)
    {
        if (problem != 0)
        {
            throw new Win32Exception(problem);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Start(out int pid, string path, byte* actions, void* attributes, string?[] arguments, nint* environment);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int Wait(int pid, out int status, int options);
}
