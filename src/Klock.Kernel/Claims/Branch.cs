namespace Klock.Kernel.Claims;

/// <summary>Counts that a node needs only when its subtree, or something beneath it, is claimed: most nodes are plain files.</summary>
internal sealed class Branch
{
    /// <summary>Claims on this directory and all beneath it.</summary>
    public StrengthCounts Subtree;

    /// <summary>Claims on symbols of this file.</summary>
    public StrengthCounts Symbols;

    /// <summary>Claims of every kind on names beneath this one, symbols included.</summary>
    public StrengthCounts Beneath;

    public ResourceNode? FirstChild { get; set; }

    /// <summary>The node's claims, indexed in lines; null while they are few.</summary>
    public Crowd? Crowd { get; set; }

    /// <summary>Whether anything counted here can conflict with a request of this strength for its node.</summary>
    /// <param name="strength">The strength of the request's predicate.</param>
    /// <param name="subtree">Whether the request is for all beneath the node too.</param>
    public bool AnyConflictWith(int strength, bool subtree) =>
        Subtree.AnyConflictWith(strength) || Symbols.AnyConflictWith(strength) || (subtree && Beneath.AnyConflictWith(strength));
}
