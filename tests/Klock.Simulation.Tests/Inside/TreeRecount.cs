using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Inside;

/// <summary>Counts a resource tree again from its claims, and holds it against the claims that there must be.</summary>
internal static class TreeRecount
{
    private static readonly int _strengths = Compatibility.Strengths;

    public static void Check(ResourceTree tree, List<Want> expected, string what)
    {
        UnlessSame(expected.Count, tree.ClaimCount, $"{what}: claims");
        HashSet<string> names = [.. expected.SelectMany(want => want.Place.Names)];
        UnlessSame(names.Count, tree.NodeCount, $"{what}: names in the tree");
        if (expected.Count == 0)
        {
            return;
        }

        List<ResourceNode> nodes = [.. KernelFields.Nodes(tree).SelectMany(table => table.Values)];
        Unless(nodes.TrueForAll(node => names.Contains($"{node.Type.ToName()}:{node.Name}")), $"{what}: a name that nobody claims");
        CheckChildren(nodes, what);
        Dictionary<ResourceNode, int[]> counts = nodes.ToDictionary(node => node, _ => new int[4 * _strengths]);
        List<(string, Predicate)> claims = [];
        foreach (ResourceNode node in nodes)
        {
            Unless(node.Parent is null || counts.ContainsKey(node.Parent), $"{what}: the parent of {node.Name} is gone");
            for (Claim? claim = node.FirstClaim; claim is not null; claim = claim.NextOnNode)
            {
                Unless(claim.Node == node && claim.NextOnNode?.PreviousOnNode is null == claim.NextOnNode is null, $"{what}: a claim's links are broken");
                claims.Add((claim.Resource.ToString(), claim.Predicate));
                Count(node, claim, counts);
            }
        }

        claims.Sort();
        Unless(claims.SequenceEqual(expected.Select(want => (want.Place.Text, want.Predicate)).Order()), $"{what}: other claims than there must be");
        foreach (ResourceNode node in nodes)
        {
            Unless(Counted(node).SequenceEqual(counts[node]), $"{what}: the counts of {node.Name} are not those of a recount");
        }
    }

    // Every name but a root is among its parent's children once, and nobody else is.
    private static void CheckChildren(List<ResourceNode> nodes, string what)
    {
        HashSet<ResourceNode> children = [];
        foreach (ResourceNode node in nodes)
        {
            for (ResourceNode? child = node.FirstChild; child is not null; child = child.NextSibling)
            {
                Unless(child.Parent == node && children.Add(child), $"{what}: {child.Name} is a child of {node.Name} and should not be");
            }
        }

        Unless(children.SetEquals(nodes.Where(node => node.Parent is not null)), $"{what}: children that are gone or missing");
    }

    private static void Count(ResourceNode node, Claim claim, Dictionary<ResourceNode, int[]> counts)
    {
        int strength = claim.Predicate switch
        {
            Predicate.Consumes or Predicate.DependsOn => 0,
            Predicate.Provides => 1,
            _ => 2,
        };
        counts[node][(claim.Resource.IsSubtree ? _strengths : 0) + strength]++;
        if (node.Parent is not null && node.Type == ResourceType.Symbol)
        {
            counts[node.Parent][(2 * _strengths) + strength]++;
        }

        for (ResourceNode? above = node.Parent; above is not null; above = above.Parent)
        {
            counts[above][(3 * _strengths) + strength]++;
        }
    }

    private static IEnumerable<int> Counted(ResourceNode node) =>
        [.. Three(ref node.Exact), .. Three(ref node.Subtree), .. Three(ref node.Symbols), .. Three(ref node.Beneath)];

    private static int[] Three(ref StrengthCounts counts) =>
        [KernelFields.Readers(ref counts), KernelFields.Providers(ref counts), KernelFields.Exclusives(ref counts)];
}
