using Klock.Coordinator.Protocol;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Namespaces;

/// <summary>The namespaces that a caller may use and see. Immutable.</summary>
/// <remarks>Agents and sessions are the same in all namespaces; a caller sees of them only what they have in its own.</remarks>
public sealed class NamespaceScope
{
    /// <summary>Why a confined caller is refused what concerns all namespaces at once.</summary>
    public const string ConcernsAll =
        "The key is confined to some namespaces, and a request like this concerns all: it needs another key.";

    private readonly string[]? _names;

    private NamespaceScope(string[]? names, bool isDemanded, bool hidesLeaseIds = false)
    {
        _names = names;
        IsDemanded = isDemanded;
        HidesLeaseIds = hidesLeaseIds;
    }

    /// <summary>All of them; a request need not name any.</summary>
    public static NamespaceScope All { get; } = new(names: null, isDemanded: false);

    /// <summary>Whether a request for a resource without a namespace is refused, so that repositories are kept apart.</summary>
    internal bool IsDemanded { get; }

    /// <summary>Whether a snapshot is to have no lease ids: its caller may only read, and an id is the right to release.</summary>
    internal bool HidesLeaseIds { get; }

    /// <summary>The namespaces that it is confined to; null when it is confined to none.</summary>
    public IReadOnlyList<string>? Names => _names;

    /// <summary>Whether it is confined to some of them.</summary>
    public bool IsConfined => _names is not null;

    /// <summary>Only these; a request for a resource has to name one of them.</summary>
    public static NamespaceScope Of(IEnumerable<string> names) => new([.. names.Distinct(StringComparer.Ordinal)], isDemanded: false);

    /// <summary>The same, for a coordinator that refuses requests for a resource without a namespace.</summary>
    public NamespaceScope Demanded() => new(_names, isDemanded: true, HidesLeaseIds);

    /// <summary>The same, for a caller that may only read: a snapshot has no lease ids.</summary>
    public NamespaceScope WithoutLeaseIds() => new(_names, IsDemanded, hidesLeaseIds: true);

    /// <summary>Whether a caller may know of what is in a namespace; null for none.</summary>
    public bool Sees(string? name) => _names is null || (name is not null && Array.IndexOf(_names, name) >= 0);

    /// <summary>Whether a caller may know of a claim.</summary>
    internal bool Sees(Claim claim) => Sees(claim.Resource.Namespace);

    /// <summary>Whether a caller may know of an event. That a store was made, or was restored from a backup, concerns everybody.</summary>
    internal bool Sees(in Event happened) =>
        _names is null || happened.Kind is EventKind.Created or EventKind.Resumed
        || (happened.Resource is { } resource && Sees(resource.Namespace));

    /// <summary>Refuses a question about a namespace outside, or about what cannot be one.</summary>
    /// <param name="name">The namespace that the question says; null when it says none.</param>
    /// <param name="isResource">Whether it is about a resource, which is in a namespace or in none.</param>
    /// <returns>The name.</returns>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/> or <see cref="ErrorCode.Forbidden"/>.</exception>
    public string? RequireFilter(string? name, bool isResource)
    {
        if (name is not null && NamespaceText.Problem(name) is { } problem)
        {
            throw new KlockException(ErrorCode.InvalidRequest, $"namespace {problem}: it must be {NamespaceText.Allowed}.");
        }

        if (isResource)
        {
            RequireResource(name);
        }
        else if (name is not null)
        {
            RequireSeen(name);
        }

        return name;
    }

    /// <summary>Refuses a request for a resource outside.</summary>
    /// <param name="name">The namespace that the request says; null when it says none.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/> or <see cref="ErrorCode.Forbidden"/>.</exception>
    internal void RequireResource(string? name)
    {
        if (name is null && IsDemanded)
        {
            throw new KlockException(
                ErrorCode.InvalidRequest,
                "namespace is missing: this server keeps repositories apart, so a request for a resource must say the namespace of its "
                    + $"repository, a string of 1 to {Limits.NamespaceBytes} bytes.");
        }

        RequireSeen(name);
    }

    private void RequireSeen(string? name)
    {
        if (!Sees(name))
        {
            throw new KlockException(
                ErrorCode.Forbidden,
                $"namespace {(name is null ? "is missing" : "is not one of this key's")}: "
                    + $"the key is confined to {string.Join(", ", _names!)}.");
        }
    }

    /// <summary>Refuses what concerns all namespaces at once.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.Forbidden"/>.</exception>
    internal void RequireAll()
    {
        if (IsConfined)
        {
            throw new KlockException(ErrorCode.Forbidden, ConcernsAll);
        }
    }
}
