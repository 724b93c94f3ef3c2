using Klock.Kernel.Conflicts;

namespace Klock.Kernel.Resources;

/// <summary>All names that are claimed in one way (held, queued for, parked for), and the directories above them.</summary>
/// <remarks>
/// Nodes are found by their whole path, one hash look-up each; a node knows its parent. So a check costs one look-up
/// and a walk up the path, whatever else is claimed.
/// </remarks>
internal sealed class ResourceTree
{
    // How many names that nobody claims any more are kept, with their directories: an agent that goes on working on the same
    // files finds them there, and makes no garbage.
    private const int KeptUnused = 64;

    // One table a type. A symbol in a file has a '#' in its path and a flat symbol has none, so they share one.
    private readonly Dictionary<string, ResourceNode>[] _nodes = new Dictionary<string, ResourceNode>[ResourceTypeNames.Count];
    private readonly Dictionary<string, ResourceNode>.AlternateLookup<ReadOnlySpan<char>> _files;
    private readonly Queue<ResourceNode> _unused = new();
    private ResourceNode? _lastFound;
    private int _subtreeClaims;

    public ResourceTree()
    {
        for (int i = 0; i < _nodes.Length; i++)
        {
            _nodes[i] = new Dictionary<string, ResourceNode>(StringComparer.Ordinal);
        }

        _files = _nodes[(int)ResourceType.File].GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many claims there are.</summary>
    public int ClaimCount { get; private set; }

    /// <summary>How many names are claimed, or have a claimed one beneath them. Counts them one by one.</summary>
    public int NodeCount => _nodes.Sum(table => table.Values.Count(node => node.HasClaims));

    /// <summary>Whether any claim, of whatever session, can conflict with a request.</summary>
    public bool AnyConflictWith(Resource resource, int strength)
    {
        ResourceNode? node = Find(resource);
        return node is not null
            ? node.AnyConflictWith(strength, resource.IsSubtree)
            : MayMeetAbove(resource) && AnyConflictAbove(resource, strength);
    }

    /// <summary>Shows the visitor the claims that conflict with a request, until it has seen enough; then returns false.</summary>
    public bool VisitConflicts(Resource resource, int strength, IClaimVisitor visitor)
    {
        ResourceNode? node = Find(resource);
        if (node is not null)
        {
            return ConflictWalk.FromNode(node, strength, resource.IsSubtree, visitor);
        }

        return !MayMeetAbove(resource)
            || FindAbove(resource, out bool isOwnFile) is not { } above
            || ConflictWalk.Above(above, strength, isOwnFile, visitor);
    }

    public void Add(Claim claim)
    {
        ClaimCount++;
        _subtreeClaims += claim.Resource.IsSubtree ? 1 : 0;
        FindOrAdd(claim.Resource).Add(claim);
    }

    public void Remove(Claim claim)
    {
        ClaimCount--;
        _subtreeClaims -= claim.Resource.IsSubtree ? 1 : 0;
        ResourceNode node = claim.Node!;
        node.Remove(claim);
        if (!node.IsUnused || node.IsKept)
        {
            return;
        }

        node.IsKept = true;
        _unused.Enqueue(node);
        if (_unused.Count > KeptUnused)
        {
            Forget(_unused.Dequeue());
        }
    }

    // A node that was claimed anew while it was kept stays; it is kept again when it is let go.
    private void Forget(ResourceNode kept)
    {
        kept.IsKept = false;
        for (ResourceNode? node = kept; node is { IsUnused: true, IsKept: false }; node = node.Parent)
        {
            _lastFound = null;
            _nodes[(int)node.Type].Remove(node.Name);
            node.Parent?.Disown(node);
        }
    }

    private ResourceNode? Find(Resource resource)
    {
        // What is granted was just looked for when it was judged.
        if (_lastFound is { } last && last.Type == resource.Type && string.Equals(last.Name, resource.Name, StringComparison.Ordinal))
        {
            return last;
        }

        ResourceNode? found = _nodes[(int)resource.Type].GetValueOrDefault(resource.Name);
        _lastFound = found ?? _lastFound;
        return found;
    }

    // Above a name only a subtree can meet it, and above a symbol also its file. Mostly nobody holds a subtree, and the way up is saved.
    private bool MayMeetAbove(Resource resource) => resource.FileLength >= 0 || (_subtreeClaims > 0 && resource.IsInFileTree);

    private bool AnyConflictAbove(Resource resource, int strength)
    {
        ResourceNode? above = FindAbove(resource, out bool isOwnFile);
        return above is not null && ((isOwnFile && above.Exact.AnyConflictWith(strength)) || above.AnySubtreeConflictWith(strength));
    }

    /// <summary>The nearest node above a name that has none itself.</summary>
    /// <param name="resource">The name.</param>
    /// <param name="isOwnFile">Whether what was found is the file of the symbol asked for.</param>
    private ResourceNode? FindAbove(Resource resource, out bool isOwnFile)
    {
        ReadOnlySpan<char> path = resource.Name;
        int length = resource.FileLength >= 0 ? resource.FileLength : FilePath.ParentLength(path);
        isOwnFile = resource.FileLength >= 0;
        while (length >= 0)
        {
            ReadOnlySpan<char> name = length == 0 ? FilePath.RelativeRoot : path[..length];
            if (_files.TryGetValue(name, out ResourceNode? node))
            {
                return node;
            }

            isOwnFile = false;
            length = FilePath.ParentLength(name);
        }

        return null;
    }

    private ResourceNode FindOrAdd(Resource resource)
    {
        ResourceNode? node = Find(resource);
        if (node is not null)
        {
            return node;
        }

        ResourceNode? parent = null;
        if (resource.IsInFileTree)
        {
            int length = resource.FileLength >= 0 ? resource.FileLength : FilePath.ParentLength(resource.Name);
            parent = length < 0 ? null : FindOrAddFile(length == 0 ? FilePath.RelativeRoot : resource.Name.AsSpan(0, length));
        }

        return AddNode(new ResourceNode(resource.Type, resource.Name, parent));
    }

    private ResourceNode FindOrAddFile(ReadOnlySpan<char> path)
    {
        if (_files.TryGetValue(path, out ResourceNode? node))
        {
            return node;
        }

        int length = FilePath.ParentLength(path);
        ResourceNode? parent = length < 0 ? null : FindOrAddFile(length == 0 ? FilePath.RelativeRoot : path[..length]);
        return AddNode(new ResourceNode(ResourceType.File, path.ToString(), parent));
    }

    private ResourceNode AddNode(ResourceNode node)
    {
        _nodes[(int)node.Type].Add(node.Name, node);
        node.Parent?.Adopt(node);
        return node;
    }
}
