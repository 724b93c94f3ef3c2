using CsCheck;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Queues;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Leases;

/// <summary>The queue against a sorted list, under additions, removals and moves in any order.</summary>
public sealed class ExpiryQueueTests
{
    private static readonly Session _session = new(new Agent("a", 1), "s");
    private static readonly Resource _file = Request.File("f");

    private static readonly Gen<(int Kind, int Which, long ExpiresAtMs)> _step =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1_000], Gen.Long[0, 30]);

    [Fact]
    public void The_first_is_the_one_that_ends_first_whatever_was_moved() => _step.Array[1, 200].Sample(
        steps =>
        {
            ExpiryQueue<Lease> queue = new();
            List<Lease> sorted = [];
            long token = 0;
            foreach ((int kind, int which, long expiresAtMs) in steps)
            {
                Lease? chosen = sorted.Count == 0 ? null : sorted[which % sorted.Count];
                Change(queue, sorted, kind, chosen, expiresAtMs, ++token);
                sorted.Sort(ByEnd);
                Compare(queue, sorted, expiresAtMs);
            }

            Drain(queue, sorted);
        },
        iter: 2_000);

    private static void Change(ExpiryQueue<Lease> queue, List<Lease> sorted, int kind, Lease? chosen, long expiresAtMs, long token)
    {
        switch (kind)
        {
            case 2 when chosen is not null:
                queue.Remove(chosen);
                sorted.Remove(chosen);
                Assert.Equal(-1, chosen.ExpiryIndex);
                break;
            case 3 when chosen is not null:
                chosen.ExpiresAtMs = expiresAtMs;
                queue.Update(chosen);
                break;
            default:
                Lease lease = new(_session, _file, Predicate.Mutates, token) { Id = default, AcquiredAtMs = 0, TtlMs = 1 };
                lease.ExpiresAtMs = expiresAtMs;
                queue.Add(lease);
                sorted.Add(lease);
                break;
        }
    }

    private static void Compare(ExpiryQueue<Lease> queue, List<Lease> sorted, long nowMs)
    {
        Assert.Equal(sorted.Count, queue.Count);
        Assert.Same(sorted.FirstOrDefault(), queue.First);
        Assert.Equal(sorted.Count == 0 ? long.MaxValue : sorted[0].ExpiresAtMs, queue.FirstExpiresAtMs);
        Assert.Equal(sorted.Count(lease => lease.ExpiresAtMs <= nowMs), queue.CountOverdue(nowMs));
    }

    private static void Drain(ExpiryQueue<Lease> queue, List<Lease> sorted)
    {
        foreach (Lease lease in sorted)
        {
            Assert.Same(lease, queue.First);
            queue.Remove(lease);
        }

        Assert.Null(queue.First);
        Assert.Equal(0, queue.Count);
    }

    private static int ByEnd(Lease a, Lease b) => (a.ExpiresAtMs, a.FencingToken).CompareTo((b.ExpiresAtMs, b.FencingToken));
}
