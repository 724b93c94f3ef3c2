using BenchmarkDotNet.Attributes;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Bench;

/// <summary>Acquire and release of a parsed resource, on the kernel itself.</summary>
[MemoryDiagnoser]
public class AcquireReleaseBenchmarks
{
    public const int Most = 1_000_000;

    private readonly Resource _wanted = Table.File("/src/module/auth/login.ts");
    private Table _table = new();

    [Params(0, Most)]
    public int Held { get; set; }

    [GlobalSetup]
    public void HoldOthers()
    {
        _table = new Table();
        _table.HoldOthers(Held);
    }

    [Benchmark]
    public CommandStatus AcquireAndRelease() =>
        _table.Leases.Release(_table.Acquire("agent", _wanted, Predicate.Mutates), Table.NowMs);
}
