using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tree;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Inside;

/// <summary>Counts a resource tree again from its claims, and compares it with the claims that there must be.</summary>
internal sealed class TreeRecount
{
    // A tree may keep some names for later that nobody claims any more; what it keeps is bounded.
    private const int UnclaimedAtMost = 64;
    private readonly Dictionary<ResourceNode, Tally> _tallies = [];
    private readonly Dictionary<(Resource, Predicate), int> _missing = [];
    private readonly HashSet<(string?, ResourceType, string)> _names = [];
    private string _what = "";

    public void Check(ResourceTree tree, IReadOnlyCollection<Want> expected, string what)
    {
        Unless(expected.Count == tree.ClaimCount, $"{what}: {tree.ClaimCount} claims, not {expected.Count}");
        _what = what;
        Expect(expected);
        CountNodes(tree);
        CheckLinks();
        CountClaims();
        CheckNames();
        CheckCounts();
    }

    private void Expect(IReadOnlyCollection<Want> expected)
    {
        _missing.Clear();
        _names.Clear();
        foreach (Want want in expected)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_missing, (want.Place.Resource, want.Predicate), out _)++;
            _names.UnionWith(want.Place.Names);
        }
    }

    private void CountNodes(ResourceTree tree)
    {
        _tallies.Clear();
        foreach (ResourceNode node in KernelFields.Nodes(tree))
        {
            _tallies.Add(node, default);
        }

        foreach ((string name, ResourceNode node) in KernelFields.Namespaces(tree))
        {
            _tallies.Add(node, default);
            Unless(
                node.Namespace == name && node is { Parent: null, FirstChild: not null, FirstClaim: null }, $"{_what}: namespace {name}");
        }
    }

    // Every name but a root is among its parent's children once, and nobody else is.
    private void CheckLinks()
    {
        int children = 0;
        int roots = 0;
        foreach (ResourceNode node in _tallies.Keys)
        {
            roots += node.Parent is null ? 1 : 0;
            for (ResourceNode? child = node.FirstChild; child is not null; child = child.NextSibling)
            {
                children++;
                bool isKnown = child.Parent == node && _tallies.ContainsKey(child);
                Unless(isKnown, $"{_what}: {NameOf(child)} is a child of {NameOf(node)} and should not be");
            }
        }

        Unless(children + roots == _tallies.Count, $"{_what}: {children} children and {roots} roots of {_tallies.Count} names");
    }

    private void CountClaims()
    {
        foreach (ResourceNode node in _tallies.Keys)
        {
            for (Claim? claim = node.FirstClaim; claim is not null; claim = claim.NextOnNode)
            {
                bool isLinked = claim.Node == node && (claim.NextOnNode is null || claim.NextOnNode.PreviousOnNode == claim);
                Unless(isLinked, $"{_what}: broken links on {NameOf(node)}");
                CollectionsMarshal.GetValueRefOrAddDefault(_missing, (claim.Resource, claim.Predicate), out _)--;
                Count(node, claim);
            }
        }

        Unless(_missing.Values.All(count => count == 0), $"{_what}: other claims than there must be");
    }

    private void Count(ResourceNode node, Claim claim)
    {
        int strength = claim.Predicate switch
        {
            Predicate.Consumes or Predicate.DependsOn => 0,
            Predicate.Provides => 1,
            _ => 2,
        };
        Add(node, claim.Resource.IsSubtree ? 1 : 0, strength);
        if (node.Parent is { Namespace: null } && node.Type == ResourceType.Symbol)
        {
            Add(node.Parent, 2, strength);
        }

        for (ResourceNode? above = node.Parent; above is not null; above = above.Parent)
        {
            Add(above, 3, strength);
        }
    }

    private void Add(ResourceNode node, int part, int strength) =>
        CollectionsMarshal.GetValueRefOrNullRef(_tallies, node)[(part * Compatibility.Strengths) + strength]++;

    private void CheckNames()
    {
        int claimed = 0;
        int unclaimed = 0;
        foreach ((ResourceNode node, Tally tally) in _tallies)
        {
            if (node.Namespace is not null)
            {
                continue;
            }

            bool isClaimed = ((ReadOnlySpan<int>)tally).ContainsAnyExcept(0);
            string name = NameOf(node);
            Unless(
                isClaimed == _names.Contains((NamespaceOf(node), node.Type, name)),
                $"{_what}: {name} stands in the tree where it should not");
            bool hasOwnText = node.FirstClaim is not null || node.IsKept || KernelFields.Name(node) is string;
            Unless(hasOwnText, $"{_what}: {name} holds the text of a name that nobody claims any more");
            claimed += isClaimed ? 1 : 0;
            unclaimed += !isClaimed && node.FirstChild is null ? 1 : 0;
        }

        Unless(unclaimed <= UnclaimedAtMost, $"{_what}: {unclaimed} names are kept that nobody claims");
        Unless(claimed == _names.Count, $"{_what}: {claimed} names, not {_names.Count}");
    }

    private void CheckCounts()
    {
        foreach ((ResourceNode node, Tally tally) in _tallies)
        {
            bool same = AreSame(node.Exact, tally, 0) && AreSame(node.Subtree, tally, 1)
                && AreSame(node.Symbols, tally, 2) && AreSame(node.Beneath, tally, 3);
            Unless(same, $"{_what}: the counts of {NameOf(node)} are not those of a recount");
        }
    }

    // From its parts: a directory that nobody claims knows only its own.
    private static string NameOf(ResourceNode node)
    {
        string part = node.Part.ToString();
        return node.Parent is not { Namespace: null } parent || node.Type != ResourceType.File ? part
            : parent.Parent is not { Namespace: null } ? (parent.Part is "." ? part : $"{parent.Part}{part}")
            : $"{NameOf(parent)}/{part}";
    }

    private static string? NamespaceOf(ResourceNode node)
    {
        while (node.Parent is { } parent)
        {
            node = parent;
        }

        return node.Namespace;
    }

    private static bool AreSame(StrengthCounts counts, in Tally recount, int part) =>
        KernelFields.Readers(ref counts) == recount[part * Compatibility.Strengths]
        && KernelFields.Providers(ref counts) == recount[(part * Compatibility.Strengths) + 1]
        && KernelFields.Exclusives(ref counts) == recount[(part * Compatibility.Strengths) + 2];

    /// <summary>Claims by strength: exactly here, on the subtree, on symbols, beneath.</summary>
    [InlineArray(4 * Compatibility.Strengths)]
    private struct Tally
    {
        private int _first;
    }
}
