using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tree;

namespace Klock.Kernel.Bench;

/// <summary>The check of a parsed resource against all that is held elsewhere.</summary>
public class CheckBenchmarks
{
    public const int Fewest = 10;
    public const int Most = 1_000_000;

    private readonly Resource _wanted = Table.File("/src/module/auth/login.ts");
    private ResourceTree _tree = new();
    private ResourceTree _treeWithSubtree = new();

    public static IEnumerable<int> Sizes => [Fewest, 1_000, 100_000, Most];

    [ParamsSource(nameof(Sizes))]
    public int Held { get; set; }

    [GlobalSetup]
    public void HoldOthers()
    {
        var table = new Table();
        table.HoldOthers(Held);
        _tree = TreeOf(table.Leases);
        var withSubtree = new Table();
        withSubtree.HoldOthers(Held);
        withSubtree.Acquire("other", Table.File("/elsewhere/**"), Predicate.Mutates);
        _treeWithSubtree = TreeOf(withSubtree.Leases);
    }

    /// <summary>The same when one of the others is a subtree: then the way up to the root has to be looked at.</summary>
    [Benchmark]
    public bool CheckBesideSubtree() => _treeWithSubtree.AnyConflictWith(_wanted, Compatibility.Exclusive);

    [Benchmark]
    public bool Check() => _tree.AnyConflictWith(_wanted, Compatibility.Exclusive);

    /// <summary>What a table holds.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_held")]
    internal static extern ref ResourceTree TreeOf(LeaseTable table);
}
