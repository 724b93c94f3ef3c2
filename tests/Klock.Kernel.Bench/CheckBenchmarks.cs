using BenchmarkDotNet.Attributes;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Bench;

/// <summary>The check of a parsed resource against all that is held elsewhere.</summary>
public class CheckBenchmarks
{
    public const int Fewest = 10;
    public const int Most = 1_000_000;

    private readonly Resource _wanted = Table.File("/src/module/auth/login.ts");
    private ResourceTree _tree = new();

    public static IEnumerable<int> Sizes => [Fewest, 1_000, 100_000, Most];

    [ParamsSource(nameof(Sizes))]
    public int Held { get; set; }

    [GlobalSetup]
    public void HoldOthers()
    {
        var table = new Table();
        table.HoldOthers(Held);
        _tree = TreeOf(table);
    }

    [Benchmark]
    public bool Check() => _tree.AnyConflictWith(_wanted, Compatibility.Exclusive);

    /// <summary>A tree of the claims that a table's active leases are.</summary>
    internal static ResourceTree TreeOf(Table table)
    {
        var tree = new ResourceTree();
        foreach (Lease lease in table.Leases.ActiveLeases(Table.NowMs))
        {
            tree.Add((Claim)lease);
        }

        return tree;
    }
}
