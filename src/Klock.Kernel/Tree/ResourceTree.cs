using System.Runtime.InteropServices;
using Klock.Kernel.Claims;
using Klock.Kernel.Invariants;
using Klock.Kernel.Queues;
using Klock.Kernel.Resources;
using Klock.Kernel.Undo;

namespace Klock.Kernel.Tree;

/// <summary>All names that are claimed in one way (held, queued for, parked for), and the directories above them.</summary>
/// <remarks>
/// A node is found by its whole name in one look-up, and knows its parent. So a check costs one look-up and a walk up the path, whatever
/// else is claimed. Memory is linear in the length of the names, and nothing recurses over their depth.
/// </remarks>
internal sealed class ResourceTree
{
    // How many names that nobody claims any more are kept, with their directories: an agent that keeps working on the same files finds
    // them there, and nothing is allocated.
    private const int KeptUnclaimed = 64;

    private const int MostAsked = 4;

    private readonly HashSet<ResourceNode> _nodes = new(new NodeNames());
    private readonly HashSet<ResourceNode>.AlternateLookup<Resource> _byResource;
    private readonly HashSet<ResourceNode>.AlternateLookup<HashedPath> _byPath;
    private readonly Dictionary<string, ResourceNode> _namespaces = new(StringComparer.Ordinal);
    private readonly Ring<ResourceNode> _unclaimed = new();
    private readonly UndoLog _undo;
    private ResourceNode? _lastFound;
    private int _subtreeClaims;

    /// <param name="undo">Notes what the tree changes beyond the claims that it is given; null where nothing is taken back.</param>
    public ResourceTree(UndoLog? undo = null)
    {
        _undo = undo ?? new UndoLog();
        _byResource = _nodes.GetAlternateLookup<Resource>();
        _byPath = _nodes.GetAlternateLookup<HashedPath>();
    }

    /// <summary>Above this number of claims on a name they are indexed in lines too.</summary>
    public int CrowdAbove { get; init; } = Crowd.Above;

    /// <summary>How many claims there are.</summary>
    public int ClaimCount { get; private set; }

    /// <summary>How many names are claimed, or have a claimed one beneath them. Counts them one by one.</summary>
    public int NodeCount => _nodes.Count(node => node.HasClaims);

    /// <summary>How many of them are on subtrees.</summary>
    public int SubtreeClaimCount => _subtreeClaims;

    /// <summary>Every node, those of namespaces included, in no particular order.</summary>
    public IEnumerable<ResourceNode> AllNodes => _nodes.Concat(_namespaces.Values);

    /// <summary>The names that are kept, the first to be forgotten first.</summary>
    public IEnumerable<ResourceNode> Unclaimed => _unclaimed.All;

    /// <summary>Whether any claim, of whatever session, can conflict with a request.</summary>
    public bool AnyConflictWith(Resource resource, int strength)
    {
        ResourceNode? node = Find(resource);
        return node is not null
            ? node.AnyConflictWith(strength, resource.IsSubtree)
            : MayMeetAbove(resource) && AnyConflictAbove(resource, strength);
    }

    /// <summary>Passes the claims that conflict with a request to the visitor, until it returns false; then returns false.</summary>
    public bool VisitConflicts(Resource resource, int strength, IClaimVisitor visitor)
    {
        ResourceNode? node = Find(resource);
        if (node is not null)
        {
            return ConflictWalk.FromNode(node, strength, resource.IsSubtree, visitor);
        }

        return !MayMeetAbove(resource)
            || FindAbove(resource, out ReadOnlySpan<char> foundAt) is not { } above
            || ConflictWalk.Above(above, strength, IsOwnFile(resource, foundAt), visitor);
    }

    /// <summary>A claim on just this resource that conflicts with all that a claim of this strength does; null for none.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="strength">The strength.</param>
    /// <param name="isFit">Which claims qualify. Of many only a few are examined.</param>
    public Claim? FindSame(Resource resource, int strength, Func<Claim, bool> isFit)
    {
        int asked = 0;
        for (Claim? claim = Find(resource)?.FirstClaim; claim is not null && asked < MostAsked; claim = claim.NextOnNode, asked++)
        {
            if (claim.Strength >= strength && claim.Resource.IsSubtree == resource.IsSubtree && isFit(claim))
            {
                return claim;
            }
        }

        return null;
    }

    /// <summary>How many claims there are on just this name, and on it and all beneath it.</summary>
    public int CountOn(Resource resource) => Find(resource) is { } node ? node.Exact.Total + node.Subtree.Total : 0;

    public void Add(Claim claim)
    {
        ClaimCount++;
        _subtreeClaims += claim.Resource.IsSubtree ? 1 : 0;
        if (claim.Resource.Namespace is { } name)
        {
            // All resources of a namespace share one string, whoever named it.
            claim.Resource = claim.Resource.In(FindOrAddNamespace(name).Namespace);
        }

        FindOrAdd(claim.Resource).Add(claim, CrowdAbove, _undo);
    }

    public void Remove(Claim claim)
    {
        Uncount(claim);
        ResourceNode node = claim.Node!;
        node.Remove(claim, _undo);
        if (node.FirstClaim is not null || node.IsKept)
        {
            return;
        }

        node.IsKept = true;
        _unclaimed.Add(node);
        if (!_undo.IsOn)
        {
            ForgetUnclaimed();
        }
    }

    /// <summary>Forgets names that nobody claims, when there are many. What may be taken back finds its names, so none is forgotten
    /// before that is settled; then this is called.</summary>
    public void ForgetUnclaimed()
    {
        while (_unclaimed.Count > KeptUnclaimed)
        {
            Forget(_unclaimed.TakeFirst());
        }
    }

    /// <summary>Takes back the last claim that was added, with the names that came with it.</summary>
    public void TakeBack(Claim claim)
    {
        Uncount(claim);
        ResourceNode node = claim.Node!;
        node.TakeBack(claim);
        if (node is { FirstClaim: null, IsKept: false })
        {
            Forget(node);
        }
    }

    /// <summary>Reverses the last removal, of this claim, from where it stood.</summary>
    public void PutBack(Claim claim, in Change removed)
    {
        var node = (ResourceNode)removed.Node!;
        if (node.IsKept && !removed.Flag)
        {
            node.IsKept = false;
            Invariant.Require(_unclaimed.TakeBackLast() == node, "a name that was claimed last is the last that is kept");
        }

        ClaimCount++;
        _subtreeClaims += claim.Resource.IsSubtree ? 1 : 0;
        node.PutBack(claim, (Claim?)removed.BeforeOnNode, (int)removed.Other);
    }

    /// <summary>Notes where a claim stands that is going to be removed.</summary>
    public static void NotePlace(Claim claim, ref Change removed)
    {
        removed.Flag = claim.Node!.IsKept;
        removed.Node = claim.Node;
        removed.BeforeOnNode = claim.PreviousOnNode;
        removed.Other = claim.Place;
    }

    private void Uncount(Claim claim)
    {
        ClaimCount--;
        _subtreeClaims -= claim.Resource.IsSubtree ? 1 : 0;
        Invariant.Require(claim.Node is not null && ClaimCount >= 0, "a claim that leaves a tree stands in it");
    }

    // A node that was claimed anew while it was kept stays; it is kept again when its last claim ends.
    private void Forget(ResourceNode kept)
    {
        kept.IsKept = false;
        if (kept is { FirstClaim: null, FirstChild: not null })
        {
            kept.KeepPartOnly();
            return;
        }

        for (ResourceNode? node = kept; node is { IsUnused: true, IsKept: false }; node = node.Parent)
        {
            _lastFound = null;
            if (node.Namespace is { } name)
            {
                _namespaces.Remove(name);
                return;
            }

            _nodes.Remove(node);
            node.Parent?.Disown(node);
        }
    }

    private ResourceNode? Find(Resource resource)
    {
        // What is granted was looked up just before, when it was judged.
        if (_lastFound is { } last && last.Hash == resource.Hash && last.IsOf(resource))
        {
            return last;
        }

        return _byResource.TryGetValue(resource, out ResourceNode? found) ? _lastFound = found : null;
    }

    // Above a name only a subtree can meet it, and above a symbol also its file. Mostly nobody holds a subtree, and the walk up is saved.
    private bool MayMeetAbove(Resource resource) => resource.IsSymbolInFile || (_subtreeClaims > 0 && resource.IsInFileTree);

    private bool AnyConflictAbove(Resource resource, int strength) =>
        FindAbove(resource, out ReadOnlySpan<char> foundAt) is { } above
        && ((IsOwnFile(resource, foundAt) && above.Exact.AnyConflictWith(strength)) || above.AnySubtreeConflictWith(strength));

    private static bool IsOwnFile(Resource resource, ReadOnlySpan<char> foundAt) =>
        resource.IsSymbolInFile && foundAt.SequenceEqual(resource.Around);

    /// <summary>For a name that has no node itself: the nearest node above it; null when there is none.</summary>
    /// <param name="resource">The name; in the tree of files.</param>
    /// <param name="foundAt">The path of that node.</param>
    private ResourceNode? FindAbove(Resource resource, out ReadOnlySpan<char> foundAt)
    {
        uint hash = resource.HashAround;
        for (ReadOnlySpan<char> path = resource.Around; !path.IsEmpty; path = FilePath.DirectoryOf(path))
        {
            if (_byPath.TryGetValue(new HashedPath(path, resource.Namespace, hash), out ResourceNode? node))
            {
                foundAt = path;
                return node;
            }

            hash = PathHash.TakeOff(hash, FilePath.LastPart(path));
        }

        foundAt = default;
        return null;
    }

    private ResourceNode FindOrAdd(Resource resource)
    {
        if (Find(resource) is { } node)
        {
            return node;
        }

        ResourceNode? parent = resource.Namespace is { } name ? FindOrAddNamespace(name) : null;
        if (resource.IsInFileTree)
        {
            var parts = new PathParts(resource.Around);
            if (FindAbove(resource, out ReadOnlySpan<char> foundAt) is { } above)
            {
                parent = above;
                parts.PassOver(foundAt);
            }

            while (parts.MoveNext())
            {
                parent = AddNode(new ResourceNode(parts.Current, parent));
            }
        }

        return AddNode(new ResourceNode(resource, parent));
    }

    private ResourceNode FindOrAddNamespace(string name)
    {
        ref ResourceNode? node = ref CollectionsMarshal.GetValueRefOrAddDefault(_namespaces, name, out _);
        return node ??= new ResourceNode(name);
    }

    private ResourceNode AddNode(ResourceNode node)
    {
        _nodes.Add(node);
        node.Parent?.Adopt(node);
        return node;
    }
}
