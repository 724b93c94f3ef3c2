using System.Text;
using Spectre.Console.Rendering;

namespace Klock.Cli.Output;

/// <summary>The width of a text in terminal cells, and texts cut to a width.</summary>
internal static class CellText
{
    private const string Ellipsis = "…";

    /// <summary>The width in cells: two for many East Asian letters, none for combining marks.</summary>
    public static int Width(string text) => Ascii.IsValid(text) ? text.Length : new Segment(text).CellCount();

    /// <summary>The text, or its beginning and an ellipsis.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        return Take(text.EnumerateRunes(), width - Ellipsis.Length) + (width > 0 ? Ellipsis : "");
    }

    /// <summary>The same for <c>TYPE:path</c>: the end of a path says most, so its beginning is cut.</summary>
    public static string CutPath(string text, int width)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal) + 1;
        int left = width - colon - Ellipsis.Length;
        if (left <= 0 || Width(text) <= width)
        {
            return Cut(text, width);
        }

        string end = Take(text[colon..].EnumerateRunes().Reverse(), left);
        return text[..colon] + Ellipsis + string.Concat(end.EnumerateRunes().Reverse());
    }

    // Runes as long as they fit.
    private static string Take(IEnumerable<Rune> runes, int width)
    {
        var taken = new StringBuilder();
        foreach (Rune rune in runes)
        {
            string one = rune.ToString();
            width -= Width(one);
            if (width < 0)
            {
                break;
            }

            taken.Append(one);
        }

        return taken.ToString();
    }
}
