namespace Klock.Storage.Journal;

/// <summary>Why an engine cannot be reached, from what exceptions say that are one in the other.</summary>
/// <param name="All">All that they say.</param>
/// <param name="Innermost">What the innermost one says, which says it best: the rest says that something is inside.</param>
internal sealed record Unreachable(string All, string Innermost)
{
    private const int MostWords = 200;

    /// <param name="said">What is said beside the exceptions.</param>
    /// <param name="failed">The outermost of them; null for none.</param>
    public static Unreachable Of(string said, Exception? failed)
    {
        string all = said, innermost = said;
        for (Exception? each = failed; each is not null; each = each.InnerException)
        {
            innermost = each.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            all += innermost;
        }

        return new Unreachable(all, innermost.Length > MostWords ? innermost[..MostWords] : innermost);
    }

    /// <summary>Whether any of them says that.</summary>
    public bool Says(string words) => All.Contains(words, StringComparison.OrdinalIgnoreCase);
}
