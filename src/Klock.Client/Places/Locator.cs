using Klock.Client.Files;
using Klock.Client.Git;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Resources;

namespace Klock.Client.Places;

/// <summary>
/// From a path to its store and its name. Facades, command line, hooks and servers all use this function, so that in every work tree they
/// mean the same ones.
/// </summary>
/// <remarks>
/// A path is made absolute from the working directory, freed of symbolic links, and, when it is inside a git repository, made
/// relative to the top of its work tree; of a submodule, to that of the outermost superproject. With KLOCK_WORKTREES=separate a path in a
/// linked work tree stays absolute. Raw calls do none of this: they only
/// normalise (KLIS-6).
/// </remarks>
public static class Locator
{
    private const string Subtree = "**";

    /// <summary>Where a file, or a subtree (<c>dir/**</c>), is.</summary>
    /// <param name="path">The path. The file need not exist.</param>
    /// <param name="cwd">The base of a relative path; null for the working directory of the process.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: no such path is possible.
    /// <see cref="ErrorCode.StorageUnavailable"/>: its repository cannot be determined.</exception>
    internal static Location Locate(string path, string? cwd, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(path);
        string trimmed = path.Trim().TrimEnd(Path.DirectorySeparatorChar);
        bool isSubtree = trimmed == Subtree || trimmed.EndsWith("/" + Subtree, StringComparison.Ordinal)
            || trimmed.EndsWith(Path.DirectorySeparatorChar + Subtree, StringComparison.Ordinal);
        string named = isSubtree ? trimmed[..^Subtree.Length] : path.Trim();
        return Followed(() =>
        {
            string real = RealPath.Resolve(Absolute(named, cwd));
            Repository? repository = RepositoryFinder.Of(real);
            string file = NameOf(real, repository, environment);
            return new Location(Normal(isSubtree ? $"{file.TrimEnd('/')}/{Subtree}" : file), repository, environment);
        });
    }

    /// <summary>Where a folder is; for one that was deleted, the nearest existing one above it.</summary>
    /// <param name="cwd">The folder; null for the working directory of the process.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="KlockException">As <see cref="Locate"/>.</exception>
    public static Location Here(string? cwd, Func<string, string?> environment) => Followed(() =>
    {
        string real = RealPath.Resolve(WorkingDirectory.Current().Absolute(cwd));
        Repository? repository = RepositoryFinder.Of(real);
        return new Location(Normal(NameOf(real, repository, environment)), repository, environment);
    });

    /// <summary>
    /// Where a resource of any type is: a file and a symbol's file by their path. Any other has no place, and its name is taken as given.
    /// </summary>
    /// <exception cref="KlockException">As <see cref="Locate"/>.</exception>
    public static (string ResourcePath, Location? Location) LocateResource(
        ResourceType type, string path, string? cwd, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (type == ResourceType.File)
        {
            Location file = Locate(path, cwd, environment);
            return (file.ResourcePath, file);
        }

        if (type != ResourceType.Symbol || SymbolText.Split(path, cwd ?? WorkingDirectory.Current().Path) is not { } symbol)
        {
            return (path, null);
        }

        Location location = Locate(symbol.File, cwd, environment);
        return ($"{location.ResourcePath}#{symbol.Name}", location);
    }

    // Where it is separate, a work tree inside of the first one has names of that, as every folder there.
    private static string NameOf(string real, Repository? repository, Func<string, string?> environment) =>
        repository is null ? real
        : !repository.IsLinked || !WorkTreeNaming.IsSeparate(environment) ? repository.NameOf(real)
        : WorkTrees.First(repository.Common) is { } first && real != first && PathInFolder.IsIn(first, real)
            ? PathInFolder.NameOf(first, real)
        : real;

    private static string Absolute(string path, string? cwd)
    {
        var here = WorkingDirectory.Current();
        return cwd is not null ? Path.Combine(here.Absolute(cwd), path)
            : path.Length == 0 ? here.Absolute(".")
            : here.Absolute(path);
    }

    private static string Normal(string path) => Resource.TryCreate(ResourceType.File, path, out Resource? resource, out string? problem)
        ? resource!.Path
        : throw new KlockException(ErrorCode.InvalidRequest, $"path {problem}.");

    private static Location Followed(Func<Location> locate)
    {
        try
        {
            return locate();
        }
        catch (IOException failure)
        {
            throw new KlockException(ErrorCode.InvalidRequest, $"path cannot be followed: {failure.Message}.", failure);
        }
    }
}
