using System.Text.Json;

namespace Klock.Cli.Output;

/// <summary>A list of a coordinator.</summary>
/// <param name="Title">What it lists; also the first word of each line where several lists are shown to a program.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">What it lists.</param>
internal sealed record Table(string Title, Column[] Columns, IReadOnlyList<JsonElement> Rows)
{
    /// <summary>Its lines for a program: columns with tabs between them.</summary>
    public IEnumerable<string> Lines() => Rows.Select(row =>
        string.Join('\t', Columns.Where(column => column.Plain is not null).Select(column => Safe.Line(column.Plain!(row)))));

    /// <summary>The same with the title in front of each, where several lists are shown.</summary>
    public IEnumerable<string> TitledLines() => Lines().Select(line => $"{Title.ToLowerInvariant()}\t{line}");
}
