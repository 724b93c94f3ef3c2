using BenchmarkDotNet.Attributes;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Bench;

/// <summary>What it costs that commands can be taken back.</summary>
[MemoryDiagnoser]
public class TentativeBenchmarks
{
    public const int Pairs = 16;
    public const int Most = 100_000;

    private readonly Resource _wanted = Table.File("/src/module/auth/login.ts");
    private readonly Resource[] _several = [.. Enumerable.Range(0, Pairs).Select(i => Table.File($"/src/module/auth/page{i}.ts"))];
    private Table _table = new();

    [Params(0, Most)]
    public int Held { get; set; }

    [GlobalSetup]
    public void HoldOthers()
    {
        _table = new Table();
        _table.HoldOthers(Held);
    }

    /// <summary>The pair, for a ratio in the same run.</summary>
    [Benchmark(Baseline = true)]
    public CommandStatus Pair() => _table.Leases.Release(_table.Acquire("agent", _wanted, Predicate.Mutates), Table.NowMs);

    /// <summary>The same, each pair kept by itself.</summary>
    [Benchmark]
    public CommandStatus PairKept()
    {
        _table.Leases.BeginTentative();
        CommandStatus status = Pair();
        _table.Leases.Keep();
        return status;
    }

    /// <summary>The same, as a store does that gathers several.</summary>
    [Benchmark(OperationsPerInvoke = Pairs)]
    public CommandStatus PairsKept()
    {
        _table.Leases.BeginTentative();
        CommandStatus status = CommandStatus.Done;
        for (int i = 0; i < Pairs; i++)
        {
            status = Pair();
        }

        _table.Leases.Keep();
        return status;
    }

    /// <summary>Sixteen grants decided and taken back.</summary>
    [Benchmark]
    public void GrantsTakenBack()
    {
        _table.Leases.BeginTentative();
        foreach (Resource resource in _several)
        {
            _table.Acquire("agent", resource, Predicate.Mutates);
        }

        _table.Leases.TakeBack();
    }
}
