using System.Globalization;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Runs;

/// <summary>A command of two processes in one group, <c>outer</c> and <c>inner</c>, that tell their ids.</summary>
/// <remarks>The inner one would go on alone, and ignores what it can.</remarks>
internal static class Family
{
    public const string Outer = "outer";
    public const string Inner = "inner";

    private const string Script =
        "sh -c 'trap \"\" TERM INT HUP; echo $$ > inner; while :; do sleep 0.05; done' & echo $$ > outer; wait; wait";

    /// <summary>Runs it with a lease on <c>a.ts</c>, and waits until both run.</summary>
    public static Running Start(Place place, string ttl)
    {
        File.Delete(place.At(Outer));
        File.Delete(place.At(Inner));
        Running run = place.Start("run", "--file", "a.ts", "--ttl", ttl, "--", "sh", "-c", Script);
        Running.Until(() => IsWritten(place, Inner) && IsWritten(place, Outer), "the family runs");
        return run;
    }

    /// <summary>The process id that one of them told.</summary>
    public static int Id(Place place, string name) => int.Parse(File.ReadAllText(place.At(name)), CultureInfo.InvariantCulture);

    /// <summary>Whether any of them is there.</summary>
    public static bool IsAlive(Place place) => Running.IsAlive(Id(place, Inner)) || Running.IsAlive(Id(place, Outer));

    private static bool IsWritten(Place place, string name) =>
        File.Exists(place.At(name)) && File.ReadAllText(place.At(name)).EndsWith('\n');
}
