using System.Text;

namespace Klock;

/// <summary>Makes others' text safe to show: a note or a name must not move the cursor, nor start a line or a column.</summary>
internal static class Safe
{
    /// <summary>One line without control characters; each of them is shown as <c>\xNN</c>.</summary>
    public static string Line(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            _ = char.IsControl(c) ? safe.Append($"\\x{(int)c:x2}") : safe.Append(c);
        }

        return safe.ToString();
    }
}
