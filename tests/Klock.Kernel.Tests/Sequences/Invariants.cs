using Klock.Kernel.Tests.Model;
using Xunit;

namespace Klock.Kernel.Tests.Sequences;

/// <summary>SPEC, "The contract": what holds whatever was done, checked pair by pair.</summary>
internal static class Invariants
{
    /// <param name="active">The active leases, by token.</param>
    /// <param name="after">What was done last, for the message.</param>
    public static void Hold(IReadOnlyList<ModelLease> active, Command after)
    {
        for (int i = 0; i < active.Count; i++)
        {
            for (int j = i + 1; j < active.Count; j++)
            {
                (ModelLease one, ModelLease other) = (active[i], active[j]);
                if (one.Token >= other.Token || one.Id == other.Id || !AreIsolated(one, other))
                {
                    Assert.Fail($"not two leases that may be active at once:\n{one.View()}\n{other.View()}\nafter {after}");
                }
            }
        }
    }

    private static bool AreIsolated(ModelLease one, ModelLease other) =>
        other.IsOf(one.Ask.Agent, one.Ask.Session)
        || !ModelPredicates.Conflict(one.Ask.Predicate, other.Ask.Predicate)
        || !one.Resource.Meets(other.Resource);
}
