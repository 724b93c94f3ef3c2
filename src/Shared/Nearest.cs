namespace Klock;

/// <summary>Suggests what a mistyped word may have meant.</summary>
internal static class Nearest
{
    /// <summary>The end of a sentence with the suggestion; empty when nothing is near enough.</summary>
    public static string Hint(string typed, IEnumerable<string> known) => Find(typed, known) is { } near ? $". Did you mean {near}?" : "";

    /// <summary>The word that is nearest; null when none is near.</summary>
    public static string? Find(string typed, IEnumerable<string> known)
    {
        // One letter in three may be wrong, or the end may be missing.
        int most = Math.Max(1, typed.Length / 3);
        return known
            .Select(word => (Word: word, Distance: IsBeginning(typed, word) ? 1 : Distance(typed, word)))
            .Where(candidate => candidate.Distance <= most)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Word)
            .FirstOrDefault();
    }

    private static bool IsBeginning(string typed, string word) =>
        typed.Trim('-').Length > 1 && word.StartsWith(typed, StringComparison.Ordinal);

    // Letters left out, put in, changed, or two of them swapped (Damerau), each counting one.
    private static int Distance(string one, string other)
    {
        int[,] cost = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int changed = cost[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(changed, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[one.Length, other.Length];
    }
}
