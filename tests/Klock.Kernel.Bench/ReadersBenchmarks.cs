using BenchmarkDotNet.Attributes;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tree;

namespace Klock.Kernel.Bench;

/// <summary>The check of a resource that a thousand read, by one more reader.</summary>
public class ReadersBenchmarks
{
    private const int Readers = 1_000;

    private readonly Resource _wanted = Table.File("/src/module/auth/login.ts");
    private ResourceTree _tree = new();

    [GlobalSetup]
    public void HoldByReaders()
    {
        var table = new Table();
        for (int i = 0; i < Readers; i++)
        {
            table.Acquire($"reader-{i}", _wanted, Predicate.Consumes);
        }

        _tree = CheckBenchmarks.TreeOf(table.Leases);
    }

    [Benchmark]
    public bool CheckAmongReaders() => _tree.AnyConflictWith(_wanted, Compatibility.Strength(Predicate.Consumes));
}
