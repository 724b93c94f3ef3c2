using System.Globalization;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Runs;

/// <summary>A command of two processes in one group, <c>outer</c> and <c>inner</c>, that write their ids.</summary>
/// <remarks>The inner one would go on alone, and ignores what it can.</remarks>
internal static class Family
{
    public const string Outer = "outer";
    public const string Inner = "inner";

    private const string Script =
        "sh -c 'trap \"\" TERM INT HUP; echo $$ > inner; n=0; "
        + "while [ $n -lt 300 ]; do sleep 0.2; n=$((n+1)); done' & echo $$ > outer; wait; wait";

    /// <summary>Runs it with a lease on <c>a.ts</c>, and waits until both run.</summary>
    public static Running Start(Place place, string ttl)
    {
        File.Delete(place.At(Outer));
        File.Delete(place.At(Inner));
        Running run = place.Start("run", "--file", "a.ts", "--ttl", ttl, "--", "sh", "-c", Script);
        Running.Until(() => IsWritten(place, Inner) && IsWritten(place, Outer), "the family runs");
        return run;
    }

    /// <summary>The process id that one of them wrote.</summary>
    public static int Id(Place place, string name) => int.Parse(File.ReadAllText(place.At(name)), CultureInfo.InvariantCulture);

    /// <summary>Whether any of them is there.</summary>
    public static bool IsAlive(Place place) => Running.IsAlive(Id(place, Inner)) || Running.IsAlive(Id(place, Outer));

    /// <summary>The guard of a klock that runs something; null when there is none just now.</summary>
    public static int? GuardOf(int klock) =>
        Children(klock).Where(process => process.Name == "klock-guard").Select(process => (int?)process.Pid).FirstOrDefault();

    /// <summary>The children of a process.</summary>
    public static IEnumerable<(int Pid, string Name)> Children(int parent)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int pid) && Running.Stat(pid) is { } stat
                && int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) == parent)
            {
                yield return (pid, stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')]);
            }
        }
    }

    private static bool IsWritten(Place place, string name) =>
        File.Exists(place.At(name)) && File.ReadAllText(place.At(name)).EndsWith('\n');
}
