using System.Text;
using Spectre.Console.Rendering;

namespace Klock.Cli.Output;

/// <summary>How many cells of a terminal a text takes, and texts that are cut to some.</summary>
internal static class CellText
{
    private const string Ellipsis = "…";

    /// <summary>How many cells it takes: two for many letters of East Asia, none for what is put on the letter before.</summary>
    public static int Width(string text) => Ascii.IsValid(text) ? text.Length : new Segment(text).CellCount();

    /// <summary>The text, or its beginning and a sign that there is more.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        return Take(text.EnumerateRunes(), width - Ellipsis.Length) + (width > 0 ? Ellipsis : "");
    }

    /// <summary>The same of <c>TYPE:path</c>: it is the end of a path that tells most, so its beginning goes first.</summary>
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

    // Runes as long as there is room.
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
