using BenchmarkDotNet.Attributes;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Bench;

/// <summary>Ending a thousand overdue leases among a million.</summary>
public class EvictBenchmarks
{
    private const int Held = 1_000_000;
    private const int Overdue = 1_000;

    private readonly Table _table = new();
    private readonly Resource[] _files = [.. Enumerable.Range(0, Overdue).Select(i => Table.File($"/overdue/{i / 100}/file{i}.ts"))];
    private long _nowMs = Table.NowMs;

    [GlobalSetup]
    public void HoldOthers() => _table.HoldOthers(Held);

    [IterationSetup]
    public void HoldBriefly()
    {
        foreach (Resource file in _files)
        {
            _table.Acquire("brief", file, Predicate.Mutates, ttlMs: 1, _nowMs);
        }

        _nowMs++;
    }

    [Benchmark]
    public int Evict() => _table.Leases.Advance(_nowMs);
}
