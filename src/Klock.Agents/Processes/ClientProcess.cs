using System.Globalization;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Agents.Processes;

/// <summary>The process of the client that called a hook: what an agent's leases end with.</summary>
/// <param name="Id">Its number; 0 when it is not known.</param>
/// <param name="StartedAt">When it started, in clock ticks since the boot.</param>
internal readonly record struct ClientProcess(int Id, long StartedAt)
{
    private const int MostLevels = 8;

    // What clients start hooks through; the client itself is behind them.
    private static readonly HashSet<string> _between = new(StringComparer.Ordinal)
    {
        "sh", "bash", "dash", "zsh", "ash", "fish", "busybox", "env", "timeout", "nice", "klock", "uv", "uvx",
    };

    /// <summary>Whether it still runs; true when that is not known.</summary>
    public bool IsAlive => Id == 0 || (ProcessStatus.Read(Id) is { } status ? !status.HasExited && status.StartedAt == StartedAt
        : ProcessStatus.Exists(Id));

    /// <summary>The process of the client that this one was started by; of number 0 when that is not known.</summary>
    /// <param name="named">The number that the client gives; 0 for none. Then it is the nearest process above that is no shell.</param>
    public static ClientProcess Find(int named) => Of(named != 0 ? named : Above(name => !_between.Contains(name)));

    /// <summary>The nearest process above this one whose program has this name; of number 0 when there is none.</summary>
    public static ClientProcess FindAbove(string program) => Of(Above(name => name == program));

    private static ClientProcess Of(int process) =>
        process > 1 && ProcessStatus.Read(process) is { HasExited: false } status
            ? new ClientProcess(process, status.StartedAt) : default;

    /// <summary>The numbers of the processes above this one, the nearest first; none where they are not known.</summary>
    public static IEnumerable<int> Ancestors()
    {
        for (int process = Environment.ProcessId; Read(process) is { Parent: > 0 and int parent }; process = parent)
        {
            yield return parent;
        }
    }

    private static int Above(Func<string, bool> isIt) =>
        Ancestors().Take(MostLevels).FirstOrDefault(process => Read(process) is { } read && isIt(read.Name));

    // proc_pid_stat(5): the name in parentheses may contain anything, also parentheses.
    private static (string Name, int Parent)? Read(int process)
    {
        try
        {
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            int open = text.IndexOf('(', StringComparison.Ordinal), close = text.LastIndexOf(')');
            return (text[(open + 1)..close], int.Parse(text[(close + 2)..].Split(' ')[1], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
