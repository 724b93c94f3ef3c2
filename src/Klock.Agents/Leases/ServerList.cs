namespace Klock.Agents.Leases;

/// <summary>The servers that one setting names: URLs with commas between them, which are one coordinator together.</summary>
internal static class ServerList
{
    private const char Separator = ',';

    /// <summary>The URLs, in the order in which they are tried. Whether each is one is for whoever opens it to say.</summary>
    public static string[] Split(string text) => text.Split(Separator, StringSplitOptions.TrimEntries);

    /// <summary>The subject of an error about one of them.</summary>
    public static string Describe(int index, int count) => count == 1 ? "the server" : $"server {index + 1} of {count} in the list";

    /// <summary>The sentence for when none of them answers.</summary>
    /// <param name="problems">A sentence for each, which names it.</param>
    public static string NoneAnswers(IReadOnlyCollection<string> problems) =>
        $"None of the {problems.Count} servers answers. {string.Join(' ', problems)}";
}
