using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Inside;

/// <summary>Counts a resource tree again from its claims, and holds it against the claims that there must be.</summary>
internal sealed class TreeRecount
{
    // A tree may keep some names for later that nobody claims any more; what it keeps is bounded.
    private const int UnclaimedAtMost = 64;
    private static readonly int _strengths = Compatibility.Strengths;
    private readonly string _what;
    private readonly List<Want> _expected;
    private readonly Dictionary<ResourceNode, int[]> _counts = [];

    private TreeRecount(string what, ResourceTree tree, List<Want> expected)
    {
        _what = what;
        _expected = expected;
        foreach (ResourceNode node in KernelFields.Nodes(tree).SelectMany(table => table.Values))
        {
            _counts.Add(node, new int[4 * _strengths]);
        }
    }

    public static void Check(ResourceTree tree, List<Want> expected, string what)
    {
        var recount = new TreeRecount(what, tree, expected);
        Unless(expected.Count == tree.ClaimCount, $"{what}: {tree.ClaimCount} claims, not {expected.Count}");
        recount.CheckLinks();
        recount.CountClaims();
        recount.CheckNames();
        recount.CheckCounts();
    }

    // Every name but a root is among its parent's children once, and nobody else is.
    private void CheckLinks()
    {
        int children = 0;
        int roots = 0;
        foreach (ResourceNode node in _counts.Keys)
        {
            roots += node.Parent is null ? 1 : 0;
            for (ResourceNode? child = node.FirstChild; child is not null; child = child.NextSibling)
            {
                children++;
                Unless(child.Parent == node && _counts.ContainsKey(child), $"{_what}: {child.Name} is a child of {node.Name} and should not be");
            }
        }

        Unless(children + roots == _counts.Count, $"{_what}: {children} children and {roots} roots of {_counts.Count} names");
    }

    private void CountClaims()
    {
        Dictionary<(Resource, Predicate), int> missing = [];
        foreach (Want want in _expected)
        {
            missing[(want.Place.Resource, want.Predicate)] = missing.GetValueOrDefault((want.Place.Resource, want.Predicate)) + 1;
        }

        foreach (ResourceNode node in _counts.Keys)
        {
            for (Claim? claim = node.FirstClaim; claim is not null; claim = claim.NextOnNode)
            {
                Unless(claim.Node == node && (claim.NextOnNode is null || claim.NextOnNode.PreviousOnNode == claim), $"{_what}: broken links on {node.Name}");
                missing[(claim.Resource, claim.Predicate)] = missing.GetValueOrDefault((claim.Resource, claim.Predicate)) - 1;
                Count(node, claim);
            }
        }

        Unless(missing.Values.All(count => count == 0), $"{_what}: other claims than there must be");
    }

    private void Count(ResourceNode node, Claim claim)
    {
        int strength = claim.Predicate switch
        {
            Predicate.Consumes or Predicate.DependsOn => 0,
            Predicate.Provides => 1,
            _ => 2,
        };
        _counts[node][(claim.Resource.IsSubtree ? _strengths : 0) + strength]++;
        if (node.Parent is not null && node.Type == ResourceType.Symbol)
        {
            _counts[node.Parent][(2 * _strengths) + strength]++;
        }

        for (ResourceNode? above = node.Parent; above is not null; above = above.Parent)
        {
            _counts[above][(3 * _strengths) + strength]++;
        }
    }

    private void CheckNames()
    {
        HashSet<(ResourceType, string)> names = [.. _expected.SelectMany(want => want.Place.Names)];
        int unclaimed = 0;
        foreach ((ResourceNode node, int[] counts) in _counts)
        {
            bool isClaimed = Array.Exists(counts, count => count > 0);
            Unless(isClaimed == names.Contains((node.Type, node.Name)), $"{_what}: {node.Name} stands in the tree where it should not");
            unclaimed += !isClaimed && node.FirstChild is null ? 1 : 0;
        }

        Unless(unclaimed <= UnclaimedAtMost, $"{_what}: {unclaimed} names are kept that nobody claims");
        Unless(names.Count == _counts.Values.Count(counts => Array.Exists(counts, count => count > 0)), $"{_what}: names are missing");
    }

    private void CheckCounts()
    {
        foreach ((ResourceNode node, int[] of) in _counts)
        {
            bool same = AreSame(ref node.Exact, of, 0) && AreSame(ref node.Subtree, of, 1) && AreSame(ref node.Symbols, of, 2) && AreSame(ref node.Beneath, of, 3);
            Unless(same, $"{_what}: the counts of {node.Name} are not those of a recount");
        }
    }

    private static bool AreSame(ref StrengthCounts counts, int[] recount, int part) =>
        KernelFields.Readers(ref counts) == recount[part * _strengths]
        && KernelFields.Providers(ref counts) == recount[(part * _strengths) + 1]
        && KernelFields.Exclusives(ref counts) == recount[(part * _strengths) + 2];
}
