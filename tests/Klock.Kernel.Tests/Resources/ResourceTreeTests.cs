using CsCheck;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tests.Model;
using Klock.Kernel.Tests.Sequences;
using Klock.Kernel.Tree;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>The counts that make a check cheap, against a recount of all claims, for every question that can be asked.</summary>
public sealed class ResourceTreeTests
{
    private static readonly Session _session = new(new Agent("a", 1), "s");

    // A symbol before its file and a child before its directory, as well as the other way round.
    private static readonly (string Type, string Path)[] _places =
    [
        ("FILE", "."), ("FILE", "**"), ("FILE", "a"), ("FILE", "a/**"), ("FILE", "a/b"), ("FILE", "a/b/**"), ("FILE", "a/b/c/d"),
        ("FILE", "b"), ("FILE", "/**"), ("FILE", "/a"), ("FILE", "C:/**"), ("FILE", "C:/a"), ("SYMBOL", "a#f"), ("SYMBOL", "a/b#f"),
        ("SYMBOL", "a/b#g"), ("SYMBOL", "a/b/c#f"), ("SYMBOL", "f"), ("CUSTOM", "a"),
        ("FILE in x", "**"), ("FILE in x", "a"), ("FILE in x", "a/b"), ("FILE in x", "/a"), ("SYMBOL in x", "a/b#f"), ("CUSTOM in x", "a"),
        ("FILE in y", "a/**"), ("FILE in y", "a/b"),
    ];

    private static readonly Gen<(int Place, Predicate Predicate, bool Take)> _step =
        Gen.Select(Gen.Int[0, _places.Length - 1], Gen.Enum<Predicate>(), Gen.Frequency((3, true), (2, false)));

    /// <param name="crowdAbove">With more claims than this on a name they stand in lines.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(Crowd.Above)]
    public void The_counts_agree_with_a_recount_after_every_change(int crowdAbove) => _step.Array[1, 40].Sample(
        steps =>
        {
            var tree = new ResourceTree { CrowdAbove = crowdAbove };
            List<Lease> claims = [];
            int number = 0;
            foreach ((int place, Predicate predicate, bool take) in steps)
            {
                if (take || claims.Count == 0)
                {
                    claims.Add(Claim(place, predicate, ++number));
                    tree.Add(claims[^1]);
                }
                else
                {
                    tree.Remove(claims[place % claims.Count]);
                    claims.RemoveAt(place % claims.Count);
                }

                Recount(tree, claims);
            }

            claims.ForEach(tree.Remove);
            Assert.Equal(0, tree.NodeCount);
        },
        iter: 500);

    private static Lease Claim(int place, Predicate predicate, int number) =>
        new(_session, ToResource(_places[place]), predicate, number) { Id = default, AcquiredAtMs = 0, TtlMs = 1 };

    private static void Recount(ResourceTree tree, List<Lease> claims)
    {
        (Predicate Predicate, ModelResource Resource)[] held = [.. claims.Select(claim => (claim.Predicate, ToModel(claim.Resource)))];
        Assert.Equal(NodeRecount.Count(held.Select(claim => claim.Resource)), tree.NodeCount);
        foreach ((string Type, string Path) place in _places)
        {
            ModelResource asked = ModelResource.Parse(place.Type, place.Path)!;
            foreach (Predicate predicate in new[] { Predicate.Consumes, Predicate.Provides, Predicate.Mutates })
            {
                int expected = held.Count(claim =>
                    ModelPredicates.Conflict(claim.Predicate.ToName(), predicate.ToName()) && claim.Resource.Meets(asked));
                var visited = new Visited();
                int strength = Compatibility.Strength(predicate);
                tree.VisitConflicts(ToResource(place), strength, visited);
                if (expected != visited.Claims.Count || (expected > 0) != tree.AnyConflictWith(ToResource(place), strength))
                {
                    Assert.Fail($"{predicate} {place}: {expected} in the way, visited {visited.Claims.Count}");
                }

                Assert.Equal(visited.Claims.Count, visited.Claims.Distinct().Count());
            }
        }
    }

    private static Resource ToResource((string Type, string Path) place)
    {
        (string typeName, string? name) = ModelResource.Split(place.Type);
        Assert.True(ResourceTypeNames.TryParse(typeName, out ResourceType type));

        // Another text each time, as requests bring it.
        return Request.Resource(type, place.Path).In(name is null ? null : new string(name.AsSpan()));
    }

    private static ModelResource ToModel(Resource resource) =>
        ModelResource.Parse(resource.Type.ToName() + (resource.Namespace is { } name ? $" in {name}" : ""), resource.Path)!;

    private sealed class Visited : IClaimVisitor
    {
        public List<Claim> Claims { get; } = [];

        public bool Visit(Claim claim)
        {
            Claims.Add(claim);
            return true;
        }

        public bool VisitLine(Line line)
        {
            for (Claim? claim = line.FirstOlderThan(null); claim is not null; claim = line.FirstOlderThan(null, claim.Place + 1))
            {
                Claims.Add(claim);
            }

            return true;
        }
    }
}
