using System.Text;
using Klock.Agents.Processes;

namespace Klock.Agents.Commits;

/// <summary>What a commit changes: the difference between HEAD and the index that git commits from.</summary>
internal static class StagedFiles
{
    private const string Submodule = "160000";
    private const string NoFile = "000000";

    // Whatever the user's settings say of differences. git compares trees and index by their hashes, so this costs what is staged.
    private static readonly string[] _difference =
    [
        "diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative", "--no-ext-diff", "--no-color",
        "--ignore-submodules=none",
    ];

    /// <summary>The files, in git's order.</summary>
    /// <param name="top">The top of the work tree.</param>
    /// <param name="gitFolder">Its git directory.</param>
    /// <exception cref="IOException">git fails.</exception>
    public static IReadOnlyList<StagedFile> Read(string top, string gitFolder)
    {
        IReadOnlyList<StagedFile> files = Parse(GitProgram.Ask(top, _difference));

        // What a merge brings from the other side was committed there already: only what is new to all sides is this commit's.
        foreach (string other in Others(gitFolder))
        {
            HashSet<string> changed = [.. Parse(GitProgram.Ask(top, [.. _difference, other])).Select(file => file.Name)];
            files = [.. files.Where(file => changed.Contains(file.Name))];
        }

        return files;
    }

    /// <summary>Reads the raw format of git-diff(1): <c>:MODE MODE BLOB BLOB STATUS\0PATH\0</c>.</summary>
    public static IReadOnlyList<StagedFile> Parse(byte[] raw)
    {
        // A name that is no UTF-8 cannot be in a lease; with replacement characters it is still in its folder.
        string[] parts = Encoding.UTF8.GetString(raw).Split('\0');
        List<StagedFile> files = [];
        for (int i = 0; i + 1 < parts.Length; i += 2)
        {
            if (parts[i].TrimStart(':').Split(' ') is not [var modeBefore, var modeAfter, var before, var after, ..])
            {
                throw new IOException("what git says of the staged changes is not understood");
            }

            bool isSubmodule = modeBefore == Submodule || modeAfter == Submodule;
            files.Add(new StagedFile(
                parts[i + 1], modeBefore is NoFile or Submodule ? null : before, modeAfter is NoFile or Submodule ? null : after,
                isSubmodule));
        }

        return files;
    }

    private static string[] Others(string gitFolder)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(gitFolder, "MERGE_HEAD"));
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
