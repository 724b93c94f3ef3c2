using Klock.Client.Files;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Git;

/// <summary>Finds the repository that a path belongs to, by its place alone: environment variables are ignored.</summary>
/// <remarks>
/// git's own GIT_DIR and the like are set in hooks and by some shells only. A process that obeyed them would name a file otherwise than
/// all others.
/// </remarks>
internal static class RepositoryFinder
{
    // For submodules in submodules; git itself has no limit but that of open files.
    private const int Deepest = 32;

    /// <summary>The repository of what is, or will be, at a path; null when it is in none.</summary>
    /// <param name="real">A real path.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: there is one, but it cannot be determined.</exception>
    public static Repository? Of(string real) => InWorkTree(real) ?? Bare(real);

    private static Repository? InWorkTree(string real)
    {
        for (string? folder = real; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (GitFolder.In(folder) is { } git)
            {
                return At(folder, git, Deepest);
            }
        }

        return null;
    }

    // A file in a bare repository is in no work tree, but its store is that of the repository's linked work trees.
    private static Repository? Bare(string real)
    {
        for (string? folder = real; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (GitFolder.IsOne(folder) && IsFolder(folder, "objects") && IsFolder(folder, "refs"))
            {
                return new Repository(Root: null, folder, folder, "");
            }
        }

        return null;
    }

    private static bool IsFolder(string folder, string name) => FileFacts.Of(Path.Combine(folder, name))?.Kind == FileKind.Folder;

    private static Repository At(string workTree, GitFolder git, int depth)
    {
        if (Superproject(git.Common) is not { } above)
        {
            return new Repository(workTree, git.Common, workTree, "", IsLinked(git));
        }

        if (depth == 0)
        {
            throw Unknown(workTree, above, $"there are more than {Deepest} repositories around it");
        }

        string first = IsLinked(git) ? FirstWorkTree(workTree, git.Common, above) : workTree;
        (string Top, GitFolder Git) outer = WorkTreeAround(first, above)
            ?? throw Unknown(workTree, above, $"no folder above {first} has a .git that leads there");
        Repository super = At(outer.Top, outer.Git, depth - 1);
        return super with { WorkTree = workTree, Name = super.NameOf(first), IsLinked = super.IsLinked || IsLinked(git) };
    }

    private static bool IsLinked(GitFolder git) => git.Path != git.Common;

    // A submodule's git directory is <superproject's git directory>/modules/<name>, and a name may have slashes.
    private static string? Superproject(string common)
    {
        const string Modules = "/modules/";
        string parted = common.Replace(Path.DirectorySeparatorChar, '/');
        int at = parted.LastIndexOf(Modules, StringComparison.Ordinal);
        while (at > 0 && !GitFolder.IsOne(common[..at]))
        {
            // Two occurrences may share a slash.
            at = parted.LastIndexOf(Modules, at + Modules.Length - 2, StringComparison.Ordinal);
        }

        return at > 0 ? common[..at] : null;
    }

    // A submodule's git directory says where its first work tree is; a linked one may be anywhere.
    private static string FirstWorkTree(string linked, string common, string above)
    {
        string? said = GitConfig.Read(Path.Combine(common, "config.worktree")).First("core", "", "worktree")
            ?? GitConfig.Read(Path.Combine(common, "config")).First("core", "", "worktree");
        return said is null
            ? throw Unknown(linked, above, $"{common}/config has no core.worktree")
            : RealPath.Resolve(Path.Combine(common, said));
    }

    private static (string Top, GitFolder Git)? WorkTreeAround(string submodule, string gitFolder)
    {
        for (string? folder = Path.GetDirectoryName(submodule); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (GitFolder.In(folder) is { } git && git.Path == gitFolder)
            {
                return (folder, git);
            }
        }

        return null;
    }

    private static KlockException Unknown(string workTree, string above, string why) => new(
        ErrorCode.StorageUnavailable,
        $"{workTree} is a submodule of the repository at {above}, and its place in there cannot be determined: {why}.");
}
