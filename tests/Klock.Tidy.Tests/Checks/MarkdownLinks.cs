using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>Which pages a reader can get to, and which links lead nowhere.</summary>
internal static class MarkdownLinks
{
    private static readonly Regex _link = new(@"\]\((?<target>[^)\s#]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>The paths of the page itself and of all files that links lead to from there, over any number of pages.</summary>
    public static HashSet<string> ReachableFrom(string start, IReadOnlyList<TextFile> files)
    {
        Dictionary<string, TextFile> byPath = files.ToDictionary(file => file.Path);
        HashSet<string> reached = [];
        Queue<string> open = new([start]);
        while (open.TryDequeue(out string? path))
        {
            if (byPath.TryGetValue(path, out TextFile? page) && reached.Add(path) && path.EndsWith(".md", StringComparison.Ordinal))
            {
                foreach ((_, string target) in LinksOf(page))
                {
                    open.Enqueue(target);
                }
            }
        }

        return reached;
    }

    /// <summary>Links of Markdown pages to files or folders of the repository that are not there.</summary>
    public static IEnumerable<Offence> FindBroken(IReadOnlyList<TextFile> files)
    {
        HashSet<string> there = [.. files.Select(file => file.Path), .. files.SelectMany(file => Parents(file.Path))];
        return from page in files
               where page.Path.EndsWith(".md", StringComparison.Ordinal)
               from link in LinksOf(page)
               where !there.Contains(link.Target)
               select new Offence(page.Path, link.Line, $"links to {link.Target}, which is not there");
    }

    private static IEnumerable<(int Line, string Target)> LinksOf(TextFile page) =>
        from line in page.Lines.Index()
        from Match match in _link.Matches(line.Item)
        let target = match.Groups["target"].Value
        where !target.Contains(':', StringComparison.Ordinal)
        select (line.Index + 1, Resolve(page.Folder, target));

    private static string Resolve(string folder, string target)
    {
        List<string> parts = target.StartsWith('/') ? [] : [.. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }
}
