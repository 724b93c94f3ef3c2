namespace Klock.Kernel.Resources;

/// <summary>Lexical normalisation of FILE paths (KLIS-6), so that spellings of one file meet. Never touches a disk.</summary>
internal static class FilePath
{
    /// <summary>The normal form of the relative root, the directory that relative paths start from.</summary>
    public const string RelativeRoot = ".";

    /// <summary>The last segment that makes a path a subtree.</summary>
    public const string SubtreeMark = "**";

    private const int MostRounds = 8;

    /// <summary>Brings a path to its normal form.</summary>
    /// <param name="raw">The path as it was written.</param>
    /// <param name="normal">The normal form; <paramref name="raw"/> itself when it is normal already.</param>
    /// <param name="problem">Why it was refused, as the rest of a sentence that starts with the field's name.</param>
    public static bool TryNormalise(string raw, out string normal, out string? problem)
    {
        normal = raw;
        problem = null;
        if (IsPlainNormal(raw))
        {
            return true;
        }

        // Removing a part can bare white space that was inside ("a /") or a drive letter ("./C:"), so this is repeated until nothing
        // changes. Real paths need two rounds; the bound keeps a path made of such layers from costing a round for each.
        for (int round = 0; round < MostRounds; round++)
        {
            string before = normal;
            string trimmed = normal.Trim();
            problem = trimmed.Length == 0 ? "is empty" : ControlCharacterIn(trimmed) ? "contains a control character" : null;
            if (problem is not null || !TryResolve(trimmed, out normal, out problem))
            {
                return false;
            }

            if (string.Equals(normal, before, StringComparison.Ordinal))
            {
                return true;
            }
        }

        problem = "hides its form behind layers of white space";
        return false;
    }

    /// <summary>The length of the parent's path within a normal path, or -1 for a root.</summary>
    /// <remarks>0 stands for <see cref="RelativeRoot"/>, the parent of a relative path of one segment.</remarks>
    public static int ParentLength(ReadOnlySpan<char> normal)
    {
        int root = RootLength(normal);
        if (normal.Length == root || (root == 0 && normal.SequenceEqual(RelativeRoot)))
        {
            return -1;
        }

        return Math.Max(normal.LastIndexOf('/'), root);
    }

    /// <summary>The path of the directory that a normal path is in; empty for a root.</summary>
    public static ReadOnlySpan<char> DirectoryOf(ReadOnlySpan<char> normal) => ParentLength(normal) switch
    {
        < 0 => default,
        0 => RelativeRoot,
        int length => normal[..length],
    };

    /// <summary>The last part of a normal path: its name in its directory; of a root all of it.</summary>
    public static ReadOnlySpan<char> LastPart(ReadOnlySpan<char> normal)
    {
        int length = ParentLength(normal);
        return length < 0 ? normal : normal[(normal[length] == '/' ? length + 1 : length)..];
    }

    /// <summary>How many names a normal path has from its root down, the subtree mark not counted.</summary>
    public static int CountParts(ReadOnlySpan<char> normal)
    {
        ReadOnlySpan<char> names = normal.SequenceEqual(RelativeRoot) ? default : normal[RootLength(normal)..];
        return names.IsEmpty ? 0 : names.Count('/') + (names.EndsWith(SubtreeMark) ? 0 : 1);
    }

    /// <summary>Whether a normal path is a directory itself or lies somewhere beneath it.</summary>
    public static bool IsAtOrBeneath(ReadOnlySpan<char> normal, ReadOnlySpan<char> directory)
    {
        if (directory.SequenceEqual(RelativeRoot))
        {
            return RootLength(normal) == 0;
        }

        return normal.StartsWith(directory)
            && (normal.Length == directory.Length || RootLength(directory) == directory.Length || normal[directory.Length] == '/');
    }

    /// <summary>Whether a character is a control character, which no resource name may contain.</summary>
    public static bool ControlCharacterIn(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c))
            {
                return true;
            }
        }

        return false;
    }

    // The common case, decided in one pass without allocating: printable ASCII, no drive letter, no star, no empty,
    // dot or dot-dot segment, no white space at the ends. Anything else takes the general path; both must agree (tested).
    private static bool IsPlainNormal(string path)
    {
        if (path.Length == 0 || path[0] == ' ' || path[^1] is ' ' or '/' || (path.Length > 1 && path[1] == ':'))
        {
            return false;
        }

        char previous = '/';
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (c is < ' ' or > '~' or '*' || (c == '.' && previous == '/') || (c == '/' && previous == '/' && i > 0))
            {
                return false;
            }

            previous = c;
        }

        return true;
    }

    private static bool TryResolve(string path, out string normal, out string? problem)
    {
        normal = path;
        string root = path[0] == '/' ? "/" : "";
        string rest = path;
        if (HasDriveLetter(path))
        {
            root = char.ToUpperInvariant(path[0]) + ":/";
            rest = path[2..].Replace('\\', '/');
        }

        if (!TryResolveSegments(rest, out List<string> segments, out problem))
        {
            return false;
        }

        string joined = string.Join('/', segments);
        normal = root.Length + joined.Length == 0 ? RelativeRoot : root + joined;
        return true;
    }

    private static bool TryResolveSegments(string rest, out List<string> segments, out string? problem)
    {
        segments = [];
        problem = null;
        bool subtree = false;
        foreach (string segment in rest.Split('/'))
        {
            if (segment is "" or ".")
            {
                continue;
            }

            if (subtree || (segment.Contains('*') && segment != SubtreeMark))
            {
                problem = "has a '*' that is not a final '/**'; only a whole subtree can be named, as in src/**";
                return false;
            }

            if (segment != "..")
            {
                subtree = segment == SubtreeMark;
                segments.Add(segment);
            }
            else if (segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else
            {
                problem = "climbs above its root with '..'";
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a path starts with a drive letter: a root, after which <c>\</c> parts names as <c>/</c> does.</summary>
    /// <remarks>"C:" is one only where a separator or nothing follows: elsewhere a colon is a letter like any other.</remarks>
    public static bool HasDriveLetter(ReadOnlySpan<char> path) =>
        path.Length >= 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' && (path.Length == 2 || path[2] is '/' or '\\');

    /// <summary>How much of a normal path is its root: "/" or "C:/"; 0 when it is relative.</summary>
    public static int RootLength(ReadOnlySpan<char> normal) =>
        normal.IsEmpty ? 0 : normal[0] == '/' ? 1 : HasDriveLetter(normal) ? 3 : 0;
}
