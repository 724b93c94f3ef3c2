using BenchmarkDotNet.Attributes;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;

namespace Klock.Kernel.Bench;

/// <summary>A whole declaration that meets one holder: both found by name, their seniority compared, the conflict listed.</summary>
public class WaitDieBenchmarks
{
    private readonly Table _table = new();
    private Intent[] _intents = [];

    [GlobalSetup]
    public void Hold()
    {
        _table.Leases.RegisterAgent("older", 1, Table.NowMs);
        _table.Leases.RegisterAgent("younger", 2, Table.NowMs);
        _table.Acquire("younger", Table.File("/src/module/auth/login.ts"), Predicate.Mutates);
        _intents = [new Intent(Predicate.Mutates, Table.File("/src/module/auth/login.ts"))];
    }

    [Benchmark]
    public Verdict Decide() => _table.Leases.Declare("older", "session", _intents, Table.NowMs).Verdict;
}
