using BenchmarkDotNet.Attributes;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Bench;

/// <summary>Bringing a path of four parts to its normal form, which it has already, as it nearly always does.</summary>
[MemoryDiagnoser]
public class PathBenchmarks
{
    [Benchmark]
    public Resource Parse() => Table.File("/src/module/auth/login.ts");
}
