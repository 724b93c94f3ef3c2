using System.Globalization;
using System.Runtime.InteropServices;

namespace Klock.Storage.Sqlite.Holders;

/// <summary>What the system tells of a process (proc_pid_stat(5)).</summary>
/// <param name="HasExited">It has ended, though its parent has not asked how.</param>
/// <param name="Group">The process group it is in.</param>
/// <param name="StartedAt">When it started, in clock ticks since the boot.</param>
internal readonly partial record struct ProcessStatus(bool HasExited, int Group, long StartedAt)
{
    private const int StateAfterName = 0;
    private const int GroupAfterName = 2;
    private const int ThreadsAfterName = 17;
    private const int StartedAtAfterName = 19;
    private const int NoSuchProcess = 3;

    /// <summary>Null when nothing is told of it.</summary>
    public static ProcessStatus? Read(int pid)
    {
        try
        {
            // The name, in parentheses, may hold anything; what follows its last parenthesis is in columns.
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            string[] columns = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            // The first thread of a process may end before the others do, and shows this state too.
            bool exited = columns[StateAfterName] is "Z" or "X" or "x" && columns[ThreadsAfterName] is ("0" or "1");
            return new ProcessStatus(
                exited,
                int.Parse(columns[GroupAfterName], CultureInfo.InvariantCulture),
                long.Parse(columns[StartedAtAfterName], CultureInfo.InvariantCulture));
        }
        catch (Exception untold) when (untold is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether there is a process of this number. Costs a system call.</summary>
    public static bool Exists(int pid) => Kill(pid, signal: 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
