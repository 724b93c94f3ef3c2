using Spectre.Console;
using Spectre.Console.Rendering;

namespace Klock.Cli.Output;

/// <summary>Tables on a terminal. The only part that uses Spectre.Console, so that a pipe never loads it.</summary>
internal static class TerminalTables
{
    public static void Write(Table table) => AnsiConsole.Write(Render(table));

    /// <summary>Shows tables and keeps them up to date until they end.</summary>
    /// <param name="next">Waits for what is to be shown next; null at the end.</param>
    public static void Live(Func<IReadOnlyList<Table>?> next) =>
        AnsiConsole.Live(Text.Empty).Overflow(VerticalOverflow.Crop).Start(live =>
        {
            while (next() is { } tables)
            {
                live.UpdateTarget(new Rows(tables.Select(Render)));
            }
        });

    // Text, never markup: what agents write is shown as it is.
    private static IRenderable Render(Table table)
    {
        var shown = new Spectre.Console.Table
        {
            Border = TableBorder.Rounded, Title = table.Title.Length == 0 ? null : new TableTitle(table.Title),
        };
        foreach (string column in table.Columns)
        {
            shown.AddColumn(new TableColumn(new Text(column)));
        }

        foreach (string[] row in table.Rows)
        {
            shown.AddRow(row.Select(cell => new Text(Safe.Line(cell))));
        }

        return shown;
    }
}
