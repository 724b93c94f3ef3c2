using Klock.Kernel.Resources;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Programs;

/// <summary>The resources of a run: a few that everybody wants, in one another or side by side, and many that few do.</summary>
internal static class Resources
{
    private static readonly (ResourceType Type, string Path)[] _hot =
    [
        (ResourceType.File, "a/b/c"), (ResourceType.File, "a/b"), (ResourceType.File, "a/b/**"), (ResourceType.File, "a/**"),
        (ResourceType.File, "a/b/d"), (ResourceType.File, "**"), (ResourceType.File, "e"), (ResourceType.File, "/srv/x"),
        (ResourceType.File, "/srv/**"), (ResourceType.Symbol, "a/b/c#f"), (ResourceType.Symbol, "a/b/c#g"), (ResourceType.Symbol, "e#f"),
        (ResourceType.Symbol, "flat"), (ResourceType.Custom, "a/b"), (ResourceType.DatabaseTable, "users"),
        (ResourceType.ConfigKey, "port"),
    ];

    // Most have none, as most users do; the same names in another namespace are others.
    private static readonly string?[] _namespaces = [null, null, null, "shop", "."];

    /// <param name="dice">Chooses.</param>
    /// <param name="hot">How many hot ones; they come first.</param>
    /// <param name="cold">How many cold ones.</param>
    public static Universe Draw(Dice dice, int hot, int cold)
    {
        string?[] namespaces = dice.Chance(70) ? [null] : _namespaces;
        List<(ResourceType, string, string?)> drawn = [];
        while (drawn.Count < hot)
        {
            (ResourceType type, string path) = dice.Pick(_hot);
            (ResourceType, string, string?) one = (type, path, dice.Pick(namespaces));
            if (!drawn.Contains(one))
            {
                drawn.Add(one);
            }
        }

        for (int i = 0; i < cold; i++)
        {
            (ResourceType type, string path) = Cold(dice, i);
            drawn.Add((type, path, dice.Pick(namespaces)));
        }

        return new Universe(drawn);
    }

    private static (ResourceType, string) Cold(Dice dice, int number) => dice.Next(8) switch
    {
        0 => (ResourceType.Symbol, $"src/{number % 7}/f{number}#m"),
        1 => (ResourceType.File, $"src/{number % 7}/d{number}/**"),
        2 => (ResourceType.ApiEndpoint, $"/v1/{number}"),
        3 => (ResourceType.Custom, $"port:{number}"),
        _ => (ResourceType.File, $"src/{number % 7}/f{number}"),
    };
}
