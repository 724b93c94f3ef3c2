using Klock.Kernel.Invariants;
using Klock.Kernel.Resources;
using Klock.Kernel.Undo;

namespace Klock.Kernel.Claims;

/// <summary>One name in the resource tree: a file or directory, a symbol, or a flat name.</summary>
/// <remarks>
/// A node exists while there is a claim on it or beneath it, and a little longer. The counts answer, without a look at any claim, whether
/// a request can conflict here; the lists are walked only when it can.
/// </remarks>
internal sealed class ResourceNode
{
    /// <summary>Claims on this very name.</summary>
    public StrengthCounts Exact;

    private Branch? _branch;

    // A node that is claimed, or was until lately, has the resource, whose text exists anyway. A directory that is there only for what
    // lies beneath it has its last part alone: with whole paths memory would grow with the square of the depth.
    private object _name;

    private readonly bool _isNamespace;

    /// <summary>A node that somebody claims.</summary>
    public ResourceNode(Resource claimed, ResourceNode? parent)
    {
        _name = claimed;
        Hash = claimed.Hash;
        Parent = parent;
        IsSymbolInFile = claimed.IsSymbolInFile;
    }

    /// <summary>A directory, or a file of symbols, above one.</summary>
    public ResourceNode(ReadOnlySpan<char> part, ResourceNode? parent)
    {
        _name = part.ToString();
        Hash = parent is null or { _isNamespace: true } ? PathHash.OfFile(part, parent?.Hash ?? 0) : PathHash.Add(parent.Hash, part);
        Parent = parent;
    }

    /// <summary>A namespace: above the roots and flat names that are in it.</summary>
    public ResourceNode(string name)
    {
        _name = name;
        Hash = PathHash.OfNamespace(name);
        _isNamespace = true;
    }

    /// <summary>Claims on this directory and all beneath it.</summary>
    public StrengthCounts Subtree => _branch is null ? default : _branch.Subtree;

    /// <summary>Claims on symbols of this file.</summary>
    public StrengthCounts Symbols => _branch is null ? default : _branch.Symbols;

    /// <summary>Claims of every kind on names beneath this one, symbols included.</summary>
    public StrengthCounts Beneath => _branch is null ? default : _branch.Beneath;

    public ResourceType Type => _name is Resource claimed ? claimed.Type : ResourceType.File;

    /// <summary>Its name in its directory; of a root, a symbol or a flat name all of it.</summary>
    public ReadOnlySpan<char> Part =>
        _name is not Resource claimed ? (string)_name
        : claimed.Type == ResourceType.File ? FilePath.LastPart(claimed.Name)
        : claimed.Path;

    /// <summary>The hash of its whole name.</summary>
    public uint Hash { get; }

    /// <summary>The directory a file is in, the file a symbol is in; of roots and flat names the namespace, null for none.</summary>
    public ResourceNode? Parent { get; }

    /// <summary>Of a node that is no name but a namespace, which nobody claims, its text; else null.</summary>
    public string? Namespace => _isNamespace ? (string)_name : null;

    /// <summary>Whether this is a symbol inside a file, which only that file, not its directory, lies around directly.</summary>
    public bool IsSymbolInFile { get; }

    public Claim? FirstClaim { get; set; }

    /// <summary>Its claims in lines; null while they are few.</summary>
    public Crowd? Crowd => _branch?.Crowd;

    public ResourceNode? FirstChild
    {
        get => _branch?.FirstChild;
        private set => OwnBranch.FirstChild = value;
    }

    public ResourceNode? NextSibling { get; set; }

    public ResourceNode? PreviousSibling { get; set; }

    public bool IsUnused => FirstClaim is null && FirstChild is null;

    private Branch OwnBranch => _branch ??= new Branch();

    /// <summary>Whether the tree keeps it although nothing may claim it any more.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether there is a claim on it or beneath it.</summary>
    public bool HasClaims => FirstClaim is not null || !Beneath.IsEmpty;

    /// <summary>Whether this is the node of a resource.</summary>
    public bool IsOf(Resource resource)
    {
        if (_name is Resource claimed)
        {
            return ReferenceEquals(claimed, resource) || claimed.HasSameName(resource);
        }

        return resource.Type == ResourceType.File && IsFile(resource.Name, resource.Namespace);
    }

    /// <summary>Whether this is the node of the file or directory of this path.</summary>
    public bool IsFile(ReadOnlySpan<char> path, string? @namespace)
    {
        ResourceNode node = this;
        while (node._name is string part)
        {
            if (!FilePath.LastPart(path).SequenceEqual(part))
            {
                return false;
            }

            path = FilePath.DirectoryOf(path);
            if (path.IsEmpty)
            {
                return string.Equals(node.Parent?.Namespace, @namespace, StringComparison.Ordinal);
            }

            node = node.Parent!;
        }

        return node._name is Resource { Type: ResourceType.File } claimed && claimed.Name.SequenceEqual(path)
            && claimed.IsInNamespace(@namespace);
    }

    /// <summary>Drops the text of what was claimed here last: this node may stay for long, for what lies beneath it.</summary>
    public void KeepPartOnly() => _name = Part.ToString();

    /// <summary>Whether anything held on this name, on its symbols or above it can conflict with a request of this strength.</summary>
    /// <param name="strength">The strength of the request's predicate.</param>
    /// <param name="subtree">Whether the request is for all beneath this name too.</param>
    public bool AnyConflictWith(int strength, bool subtree)
    {
        if (Exact.AnyConflictWith(strength) || (_branch is not null && _branch.AnyConflictWith(strength, subtree)))
        {
            return true;
        }

        return Parent is not null
            && ((IsSymbolInFile && Parent.Exact.AnyConflictWith(strength)) || Parent.AnySubtreeConflictWith(strength));
    }

    /// <summary>Whether a subtree held here or above can conflict with a request of this strength.</summary>
    public bool AnySubtreeConflictWith(int strength)
    {
        for (ResourceNode? node = this; node is not null; node = node.Parent)
        {
            if (node._branch is { } branch && branch.Subtree.AnyConflictWith(strength))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds a claim; above so many claims they are indexed in lines too.</summary>
    public void Add(Claim claim, int crowdAbove, UndoLog undo)
    {
        Invariant.Require(claim.Node is null, "a claim stands on one name");
        Invariant.Require(FirstClaim is null || FirstClaim.Number <= claim.Number, "claims on a name are in the order of their numbers");

        // The name is the resource of one of its claims: when the first one is released, its text can be collected once another takes over.
        _name = FirstClaim is null ? claim.Resource : _name;
        claim.Node = this;
        claim.NextOnNode = FirstClaim;
        FirstClaim?.PreviousOnNode = claim;
        FirstClaim = claim;
        Count(claim.Strength, claim.Resource.IsSubtree, +1);
        if (claim.NextOnNode is not null)
        {
            AddToCrowd(claim, crowdAbove, undo);
        }
    }

    public void Remove(Claim claim, UndoLog undo)
    {
        RequireLinked(claim);
        if (_branch is { Crowd: { } crowd })
        {
            crowd.Remove(claim);
            if (FirstClaim == claim && claim.NextOnNode is null)
            {
                SetCrowd(null, undo);
            }
        }

        Unlink(claim);
    }

    /// <summary>Takes back the last claim that was added.</summary>
    public void TakeBack(Claim claim)
    {
        RequireLinked(claim);
        Crowd?.LineOf(claim).TakeBack(claim);
        Unlink(claim);
    }

    /// <summary>Reverses the last removal.</summary>
    /// <param name="claim">Of this claim.</param>
    /// <param name="newer">The claim that came before it in the list; null when it was the first.</param>
    /// <param name="place">Its place in its line; -1 when it stood in none.</param>
    public void PutBack(Claim claim, Claim? newer, int place)
    {
        Invariant.Require(claim.Node is null && Crowd is null == place < 0, "a claim comes back to what it left");
        claim.Node = this;
        claim.PreviousOnNode = newer;
        claim.NextOnNode = newer is null ? FirstClaim : newer.NextOnNode;
        claim.NextOnNode?.PreviousOnNode = claim;
        newer?.NextOnNode = claim;
        FirstClaim = newer is null ? claim : FirstClaim;
        Count(claim.Strength, claim.Resource.IsSubtree, +1);
        Crowd?.LineOf(claim).PutBack(claim, place);
    }

    /// <summary>Reverses that the node got lines, or lost them.</summary>
    public void PutBack(Crowd? crowd)
    {
        _branch!.Crowd = crowd;
        for (Claim? claim = crowd is null ? FirstClaim : null; claim is not null; claim = claim.NextOnNode)
        {
            claim.Place = -1;
        }
    }

    private void RequireLinked(Claim claim) => Invariant.Require(
        claim.Node == this && (claim.PreviousOnNode is null ? FirstClaim == claim : claim.PreviousOnNode.NextOnNode == claim),
        "a claim that leaves a name is linked there");

    private void Unlink(Claim claim)
    {
        claim.NextOnNode?.PreviousOnNode = claim.PreviousOnNode;
        if (claim.PreviousOnNode is null)
        {
            FirstClaim = claim.NextOnNode;
        }
        else
        {
            claim.PreviousOnNode.NextOnNode = claim.NextOnNode;
        }

        claim.Node = null;
        claim.NextOnNode = claim.PreviousOnNode = null;
        Count(claim.Strength, claim.Resource.IsSubtree, -1);
    }

    public void Adopt(ResourceNode child)
    {
        child.NextSibling = FirstChild;
        FirstChild?.PreviousSibling = child;
        FirstChild = child;
    }

    public void Disown(ResourceNode child)
    {
        child.NextSibling?.PreviousSibling = child.PreviousSibling;
        if (child.PreviousSibling is null)
        {
            FirstChild = child.NextSibling;
        }
        else
        {
            child.PreviousSibling.NextSibling = child.NextSibling;
        }
    }

    private void AddToCrowd(Claim claim, int crowdAbove, UndoLog undo)
    {
        if (_branch is { Crowd: { } crowd })
        {
            crowd.Add(claim);
        }
        else if (Exact.Total + Subtree.Total > crowdAbove)
        {
            SetCrowd(new Crowd(this, undo), undo);
        }
    }

    private void SetCrowd(Crowd? crowd, UndoLog undo)
    {
        if (undo.IsOn)
        {
            undo.Note(ChangeKind.CrowdSet, this).Before = Crowd;
        }

        OwnBranch.Crowd = crowd;
    }

    private void Count(int strength, bool subtree, int change)
    {
        if (subtree)
        {
            OwnBranch.Subtree.Add(strength, change);
        }
        else
        {
            Exact.Add(strength, change);
        }

        // Whatever is above it has had a branch since it got a child.
        if (IsSymbolInFile)
        {
            Parent!._branch!.Symbols.Add(strength, change);
        }

        for (ResourceNode? node = Parent; node is not null; node = node.Parent)
        {
            node._branch!.Beneath.Add(strength, change);
        }
    }
}
