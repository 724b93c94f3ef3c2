using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;

namespace Klock.Kernel.Tree;

/// <summary>Visits every claim that conflicts with a request. Counts guard each list, so nodes without conflicts are skipped.</summary>
/// <remarks>Each method returns whether to continue: false as soon as the visitor has returned false.</remarks>
internal static class ConflictWalk
{
    /// <summary>From the node of the request itself: on it, beneath it as far as the request reaches, and above it.</summary>
    public static bool FromNode(ResourceNode node, int strength, bool subtree, IClaimVisitor visitor) =>
        VisitClaims(node, strength, subtreesOnly: false, visitor)
        && (subtree ? Beneath(node, strength, visitor) : SymbolsOf(node, strength, visitor))
        && (node.Parent is null || Above(node.Parent, strength, node.IsSymbolInFile, visitor));

    /// <summary>From the nearest node above the request up to its root.</summary>
    /// <param name="node">The nearest node above.</param>
    /// <param name="strength">The strength of the request's predicate.</param>
    /// <param name="isOwnFile">Whether that node is the file of the symbol asked for, whose exact claims meet it too.</param>
    /// <param name="visitor">Gets what conflicts.</param>
    public static bool Above(ResourceNode node, int strength, bool isOwnFile, IClaimVisitor visitor)
    {
        bool goOn = VisitClaims(node, strength, subtreesOnly: !isOwnFile, visitor);
        for (ResourceNode? above = node.Parent; goOn && above is not null; above = above.Parent)
        {
            goOn = VisitClaims(above, strength, subtreesOnly: true, visitor);
        }

        return goOn;
    }

    private static bool SymbolsOf(ResourceNode file, int strength, IClaimVisitor visitor)
    {
        ResourceNode? child = file.Symbols.AnyConflictWith(strength) ? file.FirstChild : null;
        for (; child is not null; child = child.NextSibling)
        {
            if (child.IsSymbolInFile && !VisitClaims(child, strength, subtreesOnly: false, visitor))
            {
                return false;
            }
        }

        return true;
    }

    // Depth first without recursion: a host may call from a thread with a small stack.
    private static bool Beneath(ResourceNode top, int strength, IClaimVisitor visitor)
    {
        ResourceNode node = top;
        do
        {
            if (node.FirstChild is { } child && node.Beneath.AnyConflictWith(strength))
            {
                node = child;
            }
            else
            {
                while (node != top && node.NextSibling is null)
                {
                    node = node.Parent!;
                }

                if (node == top)
                {
                    return true;
                }

                node = node.NextSibling!;
            }
        }
        while (VisitClaims(node, strength, subtreesOnly: false, visitor));
        return false;
    }

    private static bool VisitClaims(ResourceNode node, int strength, bool subtreesOnly, IClaimVisitor visitor)
    {
        bool any = node.Subtree.AnyConflictWith(strength) || (!subtreesOnly && node.Exact.AnyConflictWith(strength));
        if (any && node.Crowd is { } crowd)
        {
            return crowd.Visit(strength, subtreesOnly, visitor);
        }

        for (Claim? claim = any ? node.FirstClaim : null; claim is not null; claim = claim.NextOnNode)
        {
            if (Compatibility.StrengthsConflict(claim.Strength, strength)
                && (!subtreesOnly || claim.Resource.IsSubtree)
                && !visitor.Visit(claim))
            {
                return false;
            }
        }

        return true;
    }
}
