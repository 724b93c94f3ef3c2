namespace Klock.Agents.Shell.Findings;

/// <summary>Paths as a shell has them, by their text alone: no link is followed, and nothing need be there.</summary>
internal static class LexicalPath
{
    /// <summary>The longest path, in UTF-16 units.</summary>
    public const int MaxLength = 4_096;

    /// <summary>Whether it says where it is by itself: from the root, or from a drive where there are drives.</summary>
    public static bool IsAbsolute(string path) =>
        path.StartsWith('/') || (OperatingSystem.IsWindows() && path.Length > 2 && char.IsAsciiLetter(path[0])
            && path[1] == ':' && path[2] is '/' or '\\');

    /// <summary>The absolute path without <c>.</c>, <c>..</c> and needless slashes; null where it is relative to an unknown
    /// folder.</summary>
    public static string? Resolve(string? folder, string path)
    {
        if (!IsAbsolute(path))
        {
            return folder is null ? null : Resolve(null, $"{folder}/{path}");
        }

        int root = path[0] == '/' ? 1 : 3;
        List<string> parts = [];
        foreach (string part in path[root..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(parts.Count - 1, 0), Math.Min(parts.Count, 1));
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return path[..root] + string.Join('/', parts);
    }

    /// <summary>The last part of a path, a slash at its end aside.</summary>
    public static string Name(string path)
    {
        string trimmed = path.TrimEnd('/');
        return trimmed[(trimmed.LastIndexOf('/') + 1)..];
    }
}
