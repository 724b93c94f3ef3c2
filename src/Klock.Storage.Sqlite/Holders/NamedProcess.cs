using System.Globalization;

namespace Klock.Storage.Sqlite.Holders;

/// <summary>A process of this machine, as another one names it: its number alone would be another process's some day.</summary>
public sealed class NamedProcess
{
    /// <summary>How it is written.</summary>
    public const string Form = "a process's number, its start in clock ticks since the boot, and its pid namespace";

    private readonly HolderProcess _process;

    private NamedProcess(HolderProcess process) => _process = process;

    /// <summary>Its number.</summary>
    public int Id => _process.Pid;

    /// <summary>Reads <c>4711 815400 pid:[4026531836]</c>; null when it is not of that form.</summary>
    public static NamedProcess? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(' ') is [string number, string start, string space]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0
            && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out long startedAt)
            && space.StartsWith("pid:[", StringComparison.Ordinal)
            ? new NamedProcess(new HolderProcess(Boot.Id ?? "", space, pid, startedAt, Group: 0))
            : null;
    }

    /// <summary>Whether it is provably gone. One of another pid namespace, as seen from a container, never is.</summary>
    public bool IsGone() => _process.IsGone();
}
