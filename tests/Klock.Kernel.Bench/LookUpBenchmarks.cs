using BenchmarkDotNet.Attributes;
using Klock.Kernel.Predicates;

namespace Klock.Kernel.Bench;

/// <summary>Whether two predicates conflict: all 36 pairs, so that no branch predictor knows the answer.</summary>
public class LookUpBenchmarks
{
    private const int Predicates = 6;

    [Benchmark(OperationsPerInvoke = Predicates * Predicates)]
    public int LookUp()
    {
        int conflicts = 0;
        for (int a = 0; a < Predicates; a++)
        {
            for (int b = 0; b < Predicates; b++)
            {
                conflicts += Compatibility.Conflicts((Predicate)a, (Predicate)b) ? 1 : 0;
            }
        }

        return conflicts;
    }
}
