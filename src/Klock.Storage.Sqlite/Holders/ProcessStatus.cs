using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Storage.Sqlite.Holders;

/// <summary>What the system reports about a process (proc_pid_stat(5)).</summary>
/// <param name="HasExited">It has ended: a zombie, not yet reaped by its parent.</param>
/// <param name="Group">The process group it is in.</param>
/// <param name="StartedAt">When it started, in clock ticks since the boot.</param>
internal readonly partial record struct ProcessStatus(bool HasExited, int Group, long StartedAt)
{
    private const int StateAfterName = 0;
    private const int GroupAfterName = 2;
    private const int ThreadsAfterName = 17;
    private const int StartedAtAfterName = 19;
    private const int NoSuchProcess = 3;

    /// <summary>Null when there is no such process, or nothing is reported about it.</summary>
    public static ProcessStatus? Read(int pid)
    {
        try
        {
            // The name, in parentheses, may contain anything; the columns start after its last parenthesis.
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            string[] columns = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            // The first thread of a process may end before the others; the state then is the same.
            bool exited = columns[StateAfterName] is "Z" or "X" or "x" && columns[ThreadsAfterName] is ("0" or "1");
            return new ProcessStatus(
                exited,
                int.Parse(columns[GroupAfterName], CultureInfo.InvariantCulture),
                long.Parse(columns[StartedAtAfterName], CultureInfo.InvariantCulture));
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether there is a process with this number; true where that is not known. Costs a system call.</summary>
    public static bool Exists(int pid) =>
        OperatingSystem.IsWindows() || Kill(pid, signal: 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
