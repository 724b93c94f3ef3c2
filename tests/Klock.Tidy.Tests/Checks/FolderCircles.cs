using Klock.Tidy.Tests.Code;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>Folders of a project do not depend on each other in a cycle: each can be read once those that it uses are known.</summary>
internal static class FolderCircles
{
    /// <summary>For each two folders of a circle of which one uses the other: the first place where it does.</summary>
    public static IEnumerable<Offence> Find(IReadOnlyList<TextFile> files, string top)
    {
        List<FolderUse> uses = [.. FolderUses.Find(files, top)];
        ILookup<string, string> used = uses.Select(use => (use.From, use.To)).Distinct().ToLookup(use => use.From, use => use.To);
        Dictionary<string, HashSet<string>> reached = used.ToDictionary(folder => folder.Key, folder => Reached(folder.Key, used));
        foreach (IGrouping<(string From, string To), FolderUse> pair in uses.GroupBy(use => (use.From, use.To)))
        {
            if (reached.TryGetValue(pair.Key.To, out HashSet<string>? back) && back.Contains(pair.Key.From))
            {
                FolderUse use = pair.First();
                yield return new Offence(use.Path, use.Line, $"{use.From} uses {use.To} ({Types(pair)}), which comes back to it");
            }
        }
    }

    private static string Types(IEnumerable<FolderUse> uses) => string.Join(", ", uses.Select(use => use.Type).Distinct().Order().Take(5));

    private static HashSet<string> Reached(string start, ILookup<string, string> used)
    {
        HashSet<string> reached = [];
        Queue<string> next = new(used[start]);
        while (next.TryDequeue(out string? folder))
        {
            if (reached.Add(folder))
            {
                foreach (string further in used[folder])
                {
                    next.Enqueue(further);
                }
            }
        }

        return reached;
    }
}
