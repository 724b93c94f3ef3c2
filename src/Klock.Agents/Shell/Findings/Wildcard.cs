namespace Klock.Agents.Shell.Findings;

/// <summary>Matches names with the shell's patterns: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a]</c>; a backslash takes the next one as it
/// is.</summary>
internal static class Wildcard
{
    /// <summary>Whether a part of a path has anything in it that is more than text.</summary>
    public static bool IsPattern(ReadOnlySpan<char> part) => part.IndexOfAny('*', '?', '[') >= 0;

    /// <summary>A part without its backslashes.</summary>
    public static string Plain(string part)
    {
        System.Text.StringBuilder plain = new();
        for (int at = 0; at < part.Length; at++)
        {
            at += part[at] == '\\' && at + 1 < part.Length ? 1 : 0;
            plain.Append(part[at]);
        }

        return plain.ToString();
    }

    /// <summary>Whether a name fits. One that begins with a dot fits only where the pattern does too. Takes time in proportion to the
    /// product of both lengths at most.</summary>
    public static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (name.StartsWith(".") && !pattern.StartsWith("."))
        {
            return false;
        }

        int at = 0, next = 0, star = -1, starAt = 0;
        while (at < name.Length)
        {
            if (next < pattern.Length && pattern[next] == '*')
            {
                (star, starAt) = (next++, at);
            }
            else if (next < pattern.Length && One(pattern, next, name[at]) is var length and > 0)
            {
                next += length;
                at++;
            }
            else if (star >= 0)
            {
                next = star + 1;
                at = ++starAt;
            }
            else
            {
                return false;
            }
        }

        return pattern[next..].TrimStart('*').IsEmpty;
    }

    // The length of what stands for one character and fits; 0 when it does not.
    private static int One(ReadOnlySpan<char> pattern, int at, char c)
    {
        switch (pattern[at])
        {
            case '?':
                return 1;
            case '\\' when at + 1 < pattern.Length:
                return pattern[at + 1] == c ? 2 : 0;
            case '[' when pattern[(at + 2 > pattern.Length ? at : at + 2)..].IndexOf(']') is var close and >= 0:
                int end = at + 2 + close;
                return InSet(pattern[(at + 1)..end], c) ? end + 1 - at : 0;
            default:
                return pattern[at] == c ? 1 : 0;
        }
    }

    private static bool InSet(ReadOnlySpan<char> set, char c)
    {
        bool isNot = set.Length > 1 && set[0] is '!' or '^';
        bool isIn = false;
        for (int at = isNot ? 1 : 0; at < set.Length; at++)
        {
            bool isRange = at + 2 < set.Length && set[at + 1] == '-';
            isIn |= isRange ? c >= set[at] && c <= set[at + 2] : c == set[at];
            at += isRange ? 2 : 0;
        }

        return isIn != isNot;
    }
}
