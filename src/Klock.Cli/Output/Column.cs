using System.Text.Json;

namespace Klock.Cli.Output;

/// <summary>One column of a list.</summary>
/// <param name="Name">Its head on a terminal.</param>
/// <param name="Plain">Its text for a program, the same in every version; null when a program does not get it.</param>
/// <param name="Shown">Its text for a person; null when a terminal does not show it.</param>
internal sealed record Column(string Name, Func<JsonElement, string>? Plain, Func<JsonElement, Cell>? Shown)
{
    /// <summary>The least width to which it may be cut on a narrow terminal; 0 if it may not be cut.</summary>
    public int Least { get; init; }

    /// <summary>The order in which columns are left out on a narrow terminal: the highest first; 0 if it may not be left out.</summary>
    public int Spare { get; init; }

    /// <summary>Whether its texts are TYPE:path.</summary>
    public bool IsPath { get; init; }
}

/// <summary>Text on a terminal, and its style.</summary>
/// <param name="Text">As others wrote it: it is escaped when it is shown.</param>
/// <param name="Tone">How it looks.</param>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain);

/// <summary>What a text means, which a terminal shows by colours.</summary>
internal enum Tone
{
    Plain,

    /// <summary>The head of a column or a list.</summary>
    Head,

    /// <summary>Less important.</summary>
    Quiet,

    /// <summary>A predicate that excludes others.</summary>
    Writing,

    /// <summary>A predicate that only reads.</summary>
    Reading,

    /// <summary>Somebody waits.</summary>
    Waiting,

    /// <summary>About to end, or gone wrong.</summary>
    Warning,
}
