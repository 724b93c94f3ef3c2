using System.Text;
using Klock.Agents.Processes;
using Klock.Client.Git;

namespace Klock.Agents.Commits;

/// <summary>A commit that is about to be made, as git's hook before it finds it.</summary>
/// <param name="Files">What it changes.</param>
/// <param name="Index">Which index it is made from.</param>
/// <param name="Prefix">The folder that git was started in, from the top of the work tree; empty for the top.</param>
internal sealed record Commit(IReadOnlyList<StagedFile> Files, CommitIndex Index, string Prefix)
{
    /// <summary>Finds out what is committed, from what git says to its hook.</summary>
    /// <param name="top">The top of the work tree, where git runs its hooks.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="IOException">git fails.</exception>
    public static Commit Read(string top, Func<string, string?> environment)
    {
        // git names it to hooks unless it is the one at the top of the work tree.
        string? folder = environment("GIT_DIR") is { Length: > 0 } said ? Path.Combine(top, said) : GitFolder.In(top)?.Path;
        IReadOnlyList<StagedFile> files = StagedFiles.Read(top, folder ?? throw new IOException($"{top} is no work tree of git"));
        CommitIndex index = IsTemporary(environment) ? CommitIndex.Temporary
            : files.All(file => file.Before is null) && Head(top).Length == 0 ? CommitIndex.First
            : CommitIndex.Staged;
        return new Commit(files, index, environment("GIT_PREFIX") ?? "");
    }

    /// <summary>Whether git made an index for this commit alone: git names the index to its hooks, and that one is a lock file.</summary>
    public static bool IsTemporary(Func<string, string?> environment) =>
        environment("GIT_INDEX_FILE")?.EndsWith(".lock", StringComparison.Ordinal) == true;

    /// <summary>The commit that HEAD names; empty when there is none yet.</summary>
    /// <exception cref="IOException">git cannot be started.</exception>
    public static string Head(string top) => Encoding.UTF8.GetString(GitProgram.Run(top, "rev-parse", "-q", "--verify", "HEAD").Output);
}
