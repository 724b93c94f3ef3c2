using Klock.Client.Files;
using Klock.Client.Git;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Places;

/// <summary>The root of a store that is opened, or of a server that is started, in a folder.</summary>
public static class StoreRoots
{
    /// <summary>The root.</summary>
    /// <param name="root">The folder that was given, relative to <paramref name="cwd"/> or absolute; null for the default, the top of the
    /// outermost superproject of <paramref name="cwd"/>, in each of its work trees. Outside of a repository there is none then.</param>
    /// <param name="cwd">The folder; null for the working directory of the process.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: the path is relative and the working directory
    /// was deleted.</exception>
    public static StoreRoot Of(string? root, string? cwd, Func<string, string?> environment, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(environment);
        string folder = Path.GetFullPath(WorkingDirectory.Current().Absolute(cwd));
        if (root is not null)
        {
            string said = Path.GetFullPath(Path.Combine(folder, root));
            return new StoreRoot(time, () => Or([(said, "")], () => [(said, ""), (RealPath.Resolve(said), "")]));
        }

        // The path as the shell knows it, which may lead through symbolic links.
        string? spelling = cwd is null ? environment("PWD") : null;
        return new StoreRoot(time, () =>
        {
            // Not within Or: with a setting that is wrong one file would have two names, and nobody would be told.
            bool isSeparate = WorkTreeNaming.IsSeparate(environment);
            return Or([], () => Default(folder, spelling, isSeparate));
        });
    }

    private static IEnumerable<(string Folder, string Name)> Default(string folder, string? spelling, bool isSeparate)
    {
        string real = RealPath.Resolve(folder);
        if (RepositoryFinder.Of(real) is not { } repository)
        {
            return [];
        }

        if (isSeparate && (repository.IsLinked || repository.Root is null))
        {
            return WorkTrees.First(repository.Common) is { } first ? [(first, "")] : [];
        }

        bool isSpelling = spelling is not null && Path.IsPathRooted(spelling) && RealPath.Resolve(spelling) == real;
        return
        [
            .. repository.Root is { } top ? [(top, ""), (repository.WorkTree, repository.Name)] : Array.Empty<(string, string)>(),
            .. isSeparate ? [] : WorkTrees.Of(repository.Common).Select(tree => (tree, "")),
            .. Alias(folder, repository),
            .. isSpelling ? Alias(Path.GetFullPath(spelling!), repository) : [],
        ];
    }

    // The outermost folder, on a path through links, from which everything is in the repository.
    private static IEnumerable<(string Folder, string Name)> Alias(string spelling, Repository repository)
    {
        (string Folder, string Name)? alias = null;
        for (string? folder = spelling; folder is not null && repository.Root is not null; folder = Path.GetDirectoryName(folder))
        {
            string real = RealPath.Resolve(folder);
            string? name = PathInFolder.IsIn(repository.WorkTree, real) ? repository.NameOf(real)
                : PathInFolder.IsIn(repository.Root, real) ? PathInFolder.NameOf(repository.Root, real)
                : null;
            if (name is null)
            {
                break;
            }

            alias = (folder, name == "." ? "" : name);
        }

        return alias is { } found ? [found] : [];
    }

    // Where the repository cannot be determined, no absolute path is known to be in it. Facades, which must know, are refused.
    private static IEnumerable<(string Folder, string Name)> Or(
        (string Folder, string Name)[] otherwise, Func<IEnumerable<(string Folder, string Name)>> look)
    {
        try
        {
            return look();
        }
        catch (Exception failure) when (failure is KlockException or IOException or UnauthorizedAccessException)
        {
            return otherwise;
        }
    }
}
