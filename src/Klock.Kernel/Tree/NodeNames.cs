using Klock.Kernel.Claims;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Tree;

/// <summary>The path of a file or directory, its namespace, and the hash of both.</summary>
internal readonly ref struct HashedPath(ReadOnlySpan<char> path, string? @namespace, uint hash)
{
    public string? Namespace { get; } = @namespace;

    public ReadOnlySpan<char> Path { get; } = path;

    public uint Hash { get; } = hash;
}

/// <summary>Finds nodes by their whole names, though most directories store only the last part of theirs.</summary>
internal sealed class NodeNames : IEqualityComparer<ResourceNode>,
    IAlternateEqualityComparer<Resource, ResourceNode>, IAlternateEqualityComparer<HashedPath, ResourceNode>
{
    public bool Equals(ResourceNode? x, ResourceNode? y) => ReferenceEquals(x, y);

    public int GetHashCode(ResourceNode obj) => unchecked((int)obj.Hash);

    public bool Equals(Resource alternate, ResourceNode other) =>
        other.Hash == alternate.Hash && other.IsOf(alternate);

    public int GetHashCode(Resource alternate) => unchecked((int)alternate.Hash);

    public bool Equals(HashedPath alternate, ResourceNode other) =>
        other.Hash == alternate.Hash && other.IsFile(alternate.Path, alternate.Namespace);

    public int GetHashCode(HashedPath alternate) => unchecked((int)alternate.Hash);

    // The set looks up by resource but adds only nodes.
    public ResourceNode Create(Resource alternate) => throw new NotSupportedException();

    public ResourceNode Create(HashedPath alternate) => throw new NotSupportedException();
}
