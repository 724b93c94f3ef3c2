using System.Text.RegularExpressions;

namespace Klock.Kernel.Tests.Model;

/// <summary>SPEC KLIS-6, FILE paths, in the plainest way: apply the rules until they change nothing.</summary>
/// <param name="Root">"/", "C:/" or "" for a relative path.</param>
/// <param name="Segments">The names from the root down.</param>
/// <param name="IsSubtree">Whether the path ended in <c>/**</c>; the mark is not among the segments.</param>
internal sealed partial record ModelPath(string Root, string[] Segments, bool IsSubtree)
{
    /// <summary>The normal form; null when the path is refused.</summary>
    public static string? Normalise(string raw)
    {
        string path = raw;
        while (true)
        {
            string? next = ApplyRules(path);
            if (next is null || next == path)
            {
                return next;
            }

            path = next;
        }
    }

    /// <summary>The parts of a normal form.</summary>
    public static ModelPath Parse(string normal)
    {
        string root = RootOf(normal);
        List<string> names = [.. Names(normal, root)];
        bool isSubtree = names.Count > 0 && names[^1] == "**";
        return new ModelPath(root, [.. isSubtree ? names.SkipLast(1) : names], isSubtree);
    }

    /// <summary>Whether this directory is the other path or above it.</summary>
    public bool IsAtOrAbove(ModelPath other) =>
        Root == other.Root && Segments.Length <= other.Segments.Length && Segments.SequenceEqual(other.Segments.Take(Segments.Length));

    /// <summary>Every directory above, the root last; the relative root is "".</summary>
    public IEnumerable<string> Above() =>
        Enumerable.Range(0, Segments.Length).Select(length => Root + string.Join('/', Segments.Take(length)));

    private static string? ApplyRules(string raw)
    {
        string path = raw.Trim();
        string root = RootOf(path);
        string[] names = [.. Names(path, root)];
        bool strayStar = names.Select((name, i) => name.Contains('*') && (name != "**" || i < names.Length - 1)).Any(stray => stray);
        if (path.Length == 0 || path.Any(char.IsControl) || strayStar)
        {
            return null;
        }

        List<string> resolved = [];
        foreach (string name in names)
        {
            if (name != "..")
            {
                resolved.Add(name);
            }
            else if (resolved.Count == 0)
            {
                return null;
            }
            else
            {
                resolved.RemoveAt(resolved.Count - 1);
            }
        }

        string normal = root + string.Join('/', resolved);
        return normal.Length == 0 ? "." : normal;
    }

    /// <summary>Whether '\' parts names in it as '/' does.</summary>
    public static bool HasDriveLetter(string path) => DriveLetter().IsMatch(path);

    private static string RootOf(string path) =>
        HasDriveLetter(path) ? path[..1].ToUpperInvariant() + ":/" : path.StartsWith('/') ? "/" : "";

    private static IEnumerable<string> Names(string path, string root)
    {
        string rest = root.Length == 3 ? path[2..].Replace('\\', '/') : path;
        return rest.Split('/').Where(name => name is not ("" or "."));
    }

    // A drive letter is a root only where a path may go on after it: "C:x" and "a:b" are names.
    [GeneratedRegex(@"^[A-Za-z]:([\\/]|\z)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DriveLetter();
}
