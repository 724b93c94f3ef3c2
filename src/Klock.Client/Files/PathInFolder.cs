namespace Klock.Client.Files;

/// <summary>Where a path is as seen from a folder. Names of resources are parted by <c>/</c> on every system.</summary>
public static class PathInFolder
{
    /// <summary>The path from the folder to the file, parted by <c>/</c>; "." for the folder itself.</summary>
    /// <param name="folder">An absolute path.</param>
    /// <param name="path">An absolute path, in the folder or not.</param>
    public static string NameOf(string folder, string path) => WithSlashes(Path.GetRelativePath(folder, path));

    /// <summary>Whether the path is the folder or in it. Both are absolute and spelled as the disk spells them.</summary>
    public static bool IsIn(string folder, string path)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(path);
        string top = WithSlashes(folder).TrimEnd('/'), at = WithSlashes(path);
        return at == top || at.StartsWith(top + "/", StringComparison.Ordinal);
    }

    // Elsewhere than on Windows a backslash is a letter like any other.
    private static string WithSlashes(string path) => path.Replace(Path.DirectorySeparatorChar, '/');
}
