using System.Runtime.CompilerServices;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>A namespace keeps names apart, and costs one text and one node however much is in it (KLIS-6).</summary>
public sealed class NamespaceTests
{
    private readonly LeaseTable _table = new(0);

    [Fact]
    public void A_resource_in_a_namespace_is_another_and_knows_it()
    {
        Resource plain = Request.File("src/**");
        Resource there = plain.In("shop");
        Assert.Equal(("shop", "src/**", true), (there.Namespace, there.Path, there.IsSubtree));
        Assert.Equal(plain, there.In(null));
        Assert.Same(there, there.In(there.Namespace));
        Assert.NotEqual(plain, there);
        Assert.NotEqual(there, plain.In("Shop"));
        Assert.Equal(there, plain.In(Fresh("shop")));
        Assert.Equal(there.GetHashCode(), plain.In(Fresh("shop")).GetHashCode());
        Assert.Equal("FILE:src/**", there.ToString());
    }

    [Fact]
    public void Seniority_and_reentrance_know_no_namespaces()
    {
        _table.RegisterAgent("old", 1, 1);
        _table.RegisterAgent("young", 2, 1);
        _table.Hold("young", "s", Request.File("a").In("x"), Predicate.Mutates, 1);
        _table.Hold("young", "s", Request.File("a").In("x"), Predicate.Mutates, 1);
        _table.Hold("old", "s", Request.File("a"), Predicate.Mutates, 1);
        Assert.Equal(2, _table.Acquire("old", "s", Request.File("a").In("x"), Predicate.Mutates, 1).Conflicts.Total);
        Assert.Equal(2, _table.AgentCount);
        Assert.Equal(2, _table.EndSession("young", "s", 1));
    }

    [Fact]
    public void All_that_is_in_a_namespace_shares_one_text()
    {
        List<Lease> leases = [.. Enumerable.Range(0, 100).Select(i =>
            _table.Hold("a", "s", Request.File($"f{i}").In(Fresh("shop")), Predicate.Mutates, 1))];
        Assert.All(leases, lease => Assert.Same(leases[0].Resource.Namespace, lease.Resource.Namespace));
    }

    [Fact]
    public void Nothing_remains_of_a_namespace_when_all_in_it_has_gone()
    {
        WeakReference text = HoldAndRelease();

        // Some of the names released last are kept.
        for (int i = 0; i < 65; i++)
        {
            _table.Release(_table.Hold("a", "s", Request.File($"other{i}"), Predicate.Mutates, 1).Id, 1);
        }

        GC.Collect();
        Assert.False(text.IsAlive);
        GC.KeepAlive(_table);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference HoldAndRelease()
    {
        string name = Fresh("shop");
        _table.Release(_table.Hold("a", "s", Request.File("a/b").In(name), Predicate.Mutates, 1).Id, 1);
        _table.Release(_table.Hold("a", "s", Request.Resource(ResourceType.Custom, "a").In(Fresh("shop")), Predicate.Mutates, 1).Id, 1);
        return new WeakReference(name);
    }

    private static string Fresh(string text) => new(text.AsSpan());
}
