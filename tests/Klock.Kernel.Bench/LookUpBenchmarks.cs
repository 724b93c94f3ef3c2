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
        for (var a = Predicate.Provides; a <= Predicate.Renames; a++)
        {
            conflicts += Count(a, Predicate.Provides) + Count(a, Predicate.Consumes) + Count(a, Predicate.Mutates)
                + Count(a, Predicate.Deletes) + Count(a, Predicate.DependsOn) + Count(a, Predicate.Renames);
        }

        return conflicts;
    }

    private static int Count(Predicate a, Predicate b) => Compatibility.Conflicts(a, b) ? 1 : 0;
}
