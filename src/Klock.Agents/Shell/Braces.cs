using System.Globalization;

namespace Klock.Agents.Shell;

/// <summary>bash's brace expansion: <c>{a,b}</c> and <c>{1..3}</c>.</summary>
internal static class Braces
{
    /// <summary>The most words that one word may become.</summary>
    public const int Max = 1_000;

    /// <summary>What a word becomes; null when it becomes too many. A character of <paramref name="quoted"/> set stands for
    /// itself.</summary>
    /// <param name="text">The word.</param>
    /// <param name="quoted">Of each character, whether it was quoted.</param>
    public static List<(string Text, bool[] Quoted)>? Expand(string text, bool[] quoted)
    {
        List<(string Text, bool[] Quoted)> done = [];
        Stack<(string Text, bool[] Quoted, int From)> open = new([(text, quoted, 0)]);
        while (open.TryPop(out (string Text, bool[] Quoted, int From) next))
        {
            if (done.Count + open.Count > Max || next.Text.Length > Findings.LexicalPath.MaxLength * 2)
            {
                return null;
            }

            if (Find(next.Text, next.Quoted, next.From) is not { } found)
            {
                done.Add((next.Text, next.Quoted));
                continue;
            }

            // The last one first, since the stack turns them round.
            foreach ((string Text, bool[] Quoted) choice in Enumerable.Reverse(found.Choices))
            {
                open.Push((
                    next.Text[..found.Start] + choice.Text + next.Text[found.End..],
                    [.. next.Quoted[..found.Start], .. choice.Quoted, .. next.Quoted[found.End..]], found.Start));
            }

            if (found.Choices.Count > Max)
            {
                return null;
            }
        }

        return done;
    }

    // The first pair of braces that means a choice, and what it offers.
    private static (int Start, int End, List<(string Text, bool[] Quoted)> Choices)? Find(string text, bool[] quoted, int from)
    {
        for (int start = from; start < text.Length; start++)
        {
            if (text[start] != '{' || quoted[start])
            {
                continue;
            }

            List<int> commas = [];
            int end = Close(text, quoted, start, commas);
            if (end < 0)
            {
                // Nothing after it closes more than this does: what is left has no choice that begins before its end.
                continue;
            }

            if (commas.Count > 0)
            {
                int[] cuts = [start, .. commas, end];
                return (start, end + 1,
                    [.. cuts.Zip(cuts.Skip(1)).Select(cut => (text[(cut.First + 1)..cut.Second], quoted[(cut.First + 1)..cut.Second]))]);
            }

            if (Range(text[(start + 1)..end]) is { } range)
            {
                return (start, end + 1, [.. range.Select(item => (item, new bool[item.Length]))]);
            }
        }

        return null;
    }

    private static int Close(string text, bool[] quoted, int start, List<int> commas)
    {
        int depth = 0;
        for (int at = start; at < text.Length; at++)
        {
            if (quoted[at])
            {
                continue;
            }

            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return at;
            }

            if (depth == 1 && text[at] == ',')
            {
                commas.Add(at);
            }
        }

        return -1;
    }

    private static IEnumerable<string>? Range(string text)
    {
        string[] ends = text.Split("..");
        if (ends.Length != 2 || !int.TryParse(ends[0], CultureInfo.InvariantCulture, out int first)
            || !int.TryParse(ends[1], CultureInfo.InvariantCulture, out int last) || Math.Abs((long)last - first) > Max)
        {
            return null;
        }

        int step = last < first ? -1 : 1;
        return Enumerable.Range(0, Math.Abs(last - first) + 1).Select(i => (first + (i * step)).ToString(CultureInfo.InvariantCulture));
    }
}
