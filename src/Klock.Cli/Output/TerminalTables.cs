using System.Text;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Klock.Cli.Output;

/// <summary>Tables on a terminal. The only part that uses Spectre.Console, so that a pipe never loads it.</summary>
internal static class TerminalTables
{
    private const int Gap = 2;

    /// <summary>The lines of a table, each no wider than the terminal: one a row.</summary>
    public static IEnumerable<string> Render(Table table, int width)
    {
        Column[] columns = [.. table.Columns.Where(column => column.Shown is not null && width >= column.Needs)];
        Cell[][] cells = [.. table.Rows.Select(row => (Cell[])[.. columns.Select(column => Shown(column, row))])];
        // A column of nothing is left out, but for the first.
        int[] used = [.. Enumerable.Range(0, columns.Length).Where(i => i == 0 || Array.Exists(cells, row => row[i].Text.Length > 0))];
        int[] widths = Fit([.. used.Select(i => columns[i])], [.. used.Select(i => Natural(columns[i], cells, i))], width);
        var shown = new Spectre.Console.Table { Border = TableBorder.None, ShowHeaders = true };
        foreach ((int i, int cell) in used.Zip(widths))
        {
            Spectre.Console.TableColumn head = new(Styled(new Cell(columns[i].Name, Tone.Head))) { Width = cell, NoWrap = true };
            shown.AddColumn(head.Padding(0, 0, i == used[^1] ? 0 : Gap, 0));
        }

        foreach (Cell[] row in cells)
        {
            shown.AddRow(used.Select(i => Styled(row[i])));
        }

        return Lines(shown, width);
    }

    /// <summary>The same under its title.</summary>
    public static IEnumerable<string> RenderTitled(Table table, int width) => Render(table, width).Prepend(Line(new Cell(table.Title), width));

    /// <summary>A line of text, cut to the terminal's width.</summary>
    public static string Line(Cell cell, int width) => Lines(Styled(cell), width).FirstOrDefault("");

    private static Cell Shown(Column column, JsonElement row)
    {
        Cell cell = column.Shown!(row);
        return cell with { Text = Safe.Line(cell.Text ?? "") };
    }

    private static int Natural(Column column, Cell[][] cells, int at) =>
        cells.Select(row => new Segment(row[at].Text).CellCount()).Append(column.Name.Length).Max();

    // The widest that may be cut loses a cell, again and again; where that is not enough all lose, and the last ones their end.
    private static int[] Fit(Column[] columns, int[] natural, int width)
    {
        int[] widths = [.. natural];
        for (int over = widths.Sum() + (Gap * (widths.Length - 1)) - width; over > 0; over--)
        {
            int widest = Enumerable.Range(0, widths.Length)
                .Where(i => columns[i].Least > 0 && widths[i] > columns[i].Least)
                .OrderByDescending(i => widths[i]).FirstOrDefault(-1);
            if (widest < 0)
            {
                break;
            }

            widths[widest]--;
        }

        return widths;
    }

    // Text, never markup: what agents write is shown as it is.
    private static Text Styled(Cell cell) => new(cell.Text, StyleOf(cell.Tone)) { Overflow = Overflow.Ellipsis };

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Head => new Style(decoration: Decoration.Bold),
        Tone.Quiet => new Style(Color.Grey),
        Tone.Writing => new Style(Color.Yellow),
        Tone.Reading => new Style(Color.Green),
        Tone.Waiting => new Style(Color.Aqua),
        Tone.Warning => new Style(Color.Red),
        _ => Style.Plain,
    };

    private static IEnumerable<string> Lines(IRenderable shown, int width)
    {
        var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Screen.IsDumb ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = Screen.HasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new Page(writer, width),
        });
        console.Write(shown);
        return writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd());
    }

    private sealed class Page(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => int.MaxValue;

        public void SetEncoding(Encoding encoding)
        {
            // All of it is UTF-8.
        }
    }
}
