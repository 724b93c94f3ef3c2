using Klock.Kernel.Predicates;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>SPEC KLIS-11: what a predicate conflicts with nests, CONSUMES = DEPENDS_ON &lt; PROVIDES &lt; the rest.</summary>
internal static class Strengths
{
    public static int Of(Predicate predicate) => predicate switch
    {
        Predicate.Consumes or Predicate.DependsOn => 0,
        Predicate.Provides => 1,
        _ => 2,
    };
}
