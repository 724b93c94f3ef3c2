using System.Text;
using System.Text.Json;

namespace Klock.Cli.Output;

/// <summary>Lists on a terminal: a line a row, no wider than the terminal is.</summary>
internal static class TerminalTables
{
    private const int Gap = 2;
    private const string Reset = "\x1b[0m";

    /// <summary>The lines of a table, the first of which are the heads of its columns.</summary>
    public static IEnumerable<string> Render(Table table, int width)
    {
        Column[] columns = [.. table.Columns.Where(column => column.Shown is not null)];
        Cell[][] cells = [.. table.Rows.Select(row => (Cell[])[.. columns.Select(column => Shown(column, row))])];
        int[] natural = [.. columns.Select((column, i) => Natural(column, cells, i))];
        // An empty column is left out, unless it is the first.
        List<int> used = [.. Enumerable.Range(0, columns.Length).Where(i => i == 0 || Array.Exists(cells, row => row[i].Text.Length > 0))];
        DropSpare(used, columns, natural, width);
        int[] widths = Fit(used, columns, natural, width);
        yield return Line([.. used.Select(i => new Cell(columns[i].Name, Tone.Head))], [.. used.Select(i => columns[i])], widths);
        foreach (Cell[] row in cells)
        {
            yield return Line([.. used.Select(i => row[i])], [.. used.Select(i => columns[i])], widths);
        }
    }

    /// <summary>The same under its title.</summary>
    public static IEnumerable<string> RenderTitled(Table table, int width) =>
        Render(table, width).Prepend(Line(new Cell(table.Title), width));

    /// <summary>A line of text, cut to the terminal's width.</summary>
    public static string Line(Cell cell, int width) => Styled(CellText.Cut(Safe.Line(cell.Text), width), cell.Tone);

    private static Cell Shown(Column column, JsonElement row)
    {
        Cell cell = column.Shown!(row);
        return cell with { Text = Safe.Line(cell.Text ?? "") };
    }

    private static int Natural(Column column, Cell[][] cells, int at) =>
        cells.Select(row => CellText.Width(row[at].Text)).Append(column.Name.Length).Max();

    // Columns that may be left out are, before anything is cut; then, where even the least widths do not fit, the last columns.
    private static void DropSpare(List<int> used, Column[] columns, int[] natural, int width)
    {
        while (Sum(used.Select(i => natural[i])) > width && used.Exists(i => columns[i].Spare > 0))
        {
            used.Remove(used.MaxBy(i => columns[i].Spare));
        }

        while (used.Count > 1 && Sum(used.Select(i => Least(columns[i], natural[i]))) > width)
        {
            used.RemoveAt(used.Count - 1);
        }
    }

    // The widest column that may be cut loses a cell, repeatedly; a path counts as half as wide as it is.
    private static int[] Fit(List<int> used, Column[] columns, int[] natural, int width)
    {
        int[] widths = [.. used.Select(i => natural[i])], least = [.. used.Select(i => Least(columns[i], natural[i]))];
        for (int over = Sum(widths) - width; over > 0; over--)
        {
            int[] cut = [.. Enumerable.Range(0, widths.Length).Where(i => widths[i] > least[i])];
            if (cut.Length == 0)
            {
                // Only one column is left, and it is wider than the terminal.
                return [width];
            }

            widths[cut.MaxBy(i => columns[used[i]].IsPath ? widths[i] : 2 * widths[i])]--;
        }

        return widths;
    }

    private static int Least(Column column, int natural) => column.Least > 0 ? Math.Min(column.Least, natural) : natural;

    private static int Sum(IEnumerable<int> widths) => widths.Sum() + (Gap * (widths.Count() - 1));

    private static string Line(Cell[] cells, Column[] columns, int[] widths)
    {
        var line = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
        {
            string text = columns[i].IsPath ? CellText.CutPath(cells[i].Text, widths[i]) : CellText.Cut(cells[i].Text, widths[i]);
            line.Append(Styled(text, cells[i].Tone));
            if (i < cells.Length - 1)
            {
                line.Append(' ', widths[i] - CellText.Width(text) + Gap);
            }
        }

        return line.ToString().TrimEnd();
    }

    // ECMA-48, SGR.
    private static string Styled(string text, Tone tone)
    {
        string style = tone switch
        {
            Tone.Head => "\x1b[1m",
            Tone.Quiet => "\x1b[90m",
            Tone.Writing => "\x1b[33m",
            Tone.Reading => "\x1b[32m",
            Tone.Waiting => "\x1b[36m",
            Tone.Warning => "\x1b[31m",
            _ => "",
        };
        bool isStyled = style.Length > 0 && text.Length > 0 && !Screen.IsDumb && (Screen.HasColours || tone == Tone.Head);
        return isStyled ? style + text + Reset : text;
    }
}
