using Klock.Client.Git;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Places;

/// <summary>All that follows from where a file is: its name, the root of that name, its store, its repository's name.</summary>
public sealed class Location
{
    private const string NamespaceVariable = "KLOCK_NAMESPACE";

    private readonly Repository? _repository;
    private readonly Func<string, string?> _environment;

    internal Location(string resourcePath, Repository? repository, Func<string, string?> environment)
    {
        ResourcePath = resourcePath;
        _repository = repository;
        _environment = environment;
    }

    /// <summary>The canonical path: the name of a FILE in requests.</summary>
    internal string ResourcePath { get; }

    /// <summary>The top of the work tree that the path is relative to; null outside of a repository's work trees.</summary>
    internal string? Root => _repository?.Root;

    /// <summary>Where the default store is; null when the environment has no place for it.</summary>
    public StorePlace? Place => StorePlace.Of(_repository, _environment);

    /// <summary>The <c>namespace</c> for servers that require one, without starting git: the variable, else the origin.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: KLOCK_NAMESPACE cannot be one.
    /// <see cref="ErrorCode.StorageUnavailable"/>: git's config cannot be read.</exception>
    internal string? Namespace() => Said(_environment) ?? Origin();

    /// <summary>The name of the repository for a server that keeps repositories apart: its origin, else its root commit.</summary>
    /// <returns>null when it is in none, or one without either.</returns>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: git's config cannot be read.</exception>
    public string? NamespaceOfRepository() => Origin() ?? (_repository is null ? null : RootCommit.Of(_repository.Common));

    /// <summary>The value of <c>KLOCK_NAMESPACE</c>; null when it is unset or empty.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: it cannot be one.</exception>
    public static string? Said(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        string? said = environment(NamespaceVariable);
        return string.IsNullOrEmpty(said) ? null
            : NamespaceText.Problem(said) is { } problem
                ? throw new KlockException(
                    ErrorCode.InvalidRequest, $"{NamespaceVariable} {problem}: it must be {NamespaceText.Allowed}.")
            : said;
    }

    private string? Origin()
    {
        try
        {
            return _repository is null ? null
                : GitConfig.Read(Path.Combine(_repository.Common, "config")).First("remote", "origin", "url") is { } url
                    ? OriginName.Of(url)
                : null;
        }
        catch (IOException failure)
        {
            throw new KlockException(ErrorCode.StorageUnavailable, $"{failure.Message}, so the repository's name is not known.", failure);
        }
    }
}
