namespace Klock.Cli.Doors;

/// <summary>Finds the part of a git repository that all its work trees share.</summary>
internal static class GitFolder
{
    private const string Pointer = "gitdir:";

    /// <summary>The common directory of the repository that a folder is in; null when it is in none.</summary>
    /// <remarks>gitrepository-layout(5): a work tree's .git is that directory, or a file that points to one with a "commondir".</remarks>
    public static string? Common(string folder)
    {
        for (string? directory = folder; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            string git = Path.Combine(directory, ".git");
            if (Directory.Exists(git))
            {
                return git;
            }

            if (File.Exists(git))
            {
                return Follow(directory, File.ReadAllText(git));
            }
        }

        return null;
    }

    private static string? Follow(string directory, string pointer)
    {
        if (!pointer.StartsWith(Pointer, StringComparison.Ordinal))
        {
            return null;
        }

        string git = Path.GetFullPath(Path.Combine(directory, pointer[Pointer.Length..].Trim()));
        string common = Path.Combine(git, "commondir");
        string found = File.Exists(common) ? Path.GetFullPath(Path.Combine(git, File.ReadAllText(common).Trim())) : git;
        return Directory.Exists(found) ? found : null;
    }
}
