using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.WaitDie;

/// <summary>SPEC section 3: at most 16 conflicts are listed, the oldest first, all are counted; how long to pause.</summary>
public sealed class ListedConflictsTests
{
    private static readonly Resource _file = Request.File("f");

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public void The_oldest_sixteen_are_listed_and_all_are_counted(int holders)
    {
        LeaseTable table = new(0);

        // They come neither in order of age nor against it: 37 shares no factor with 101.
        foreach (int age in Enumerable.Range(1, 100).Select(i => i * 37 % 101).Where(age => age <= holders))
        {
            table.RegisterAgent($"agent{age}", (ulong)age, 1);
            table.Hold($"agent{age}", "s", _file, Predicate.Consumes, 1);
        }

        table.RegisterAgent("r", 0, 1);
        ConflictSet conflicts = table.Acquire("r", "s", _file, Predicate.Mutates, 1).Conflicts;
        Assert.Equal(holders, conflicts.Total);
        IEnumerable<string> oldest = Enumerable.Range(1, Math.Min(holders, 16)).Select(age => $"agent{age}");
        Assert.Equal(oldest, conflicts.Oldest.Select(claim => claim.Session.Agent.Id));
    }

    [Fact]
    public void Leases_of_one_session_are_listed_in_the_order_of_their_grants()
    {
        LeaseTable table = new(0);
        IEnumerable<Resource> files = Enumerable.Range(0, 20).Select(i => Request.File($"d/{i * 7 % 20}"));
        long[] tokens = [.. files.Select(file => table.Hold("a", "s", file, Predicate.Mutates, 1).FencingToken)];
        ConflictSet conflicts = table.Acquire("b", "s", Request.File("d/**"), Predicate.Mutates, 1).Conflicts;
        Assert.Equal(20, conflicts.Total);
        Assert.Equal(tokens[..16], conflicts.Oldest.Select(claim => ((Lease)claim).FencingToken));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(999, 999)]
    [InlineData(1_000, 1_000)]
    [InlineData(1_001, 1_000)]
    [InlineData(86_400_000, 1_000)]
    public void The_pause_lasts_until_the_first_lease_in_the_way_ends_and_at_most_a_second(long ttlMs, long pauseMs)
    {
        LeaseTable table = new(0);
        table.Hold("a", "s", _file, Predicate.Consumes, 10, ttlMs);
        table.Hold("b", "s", _file, Predicate.Consumes, 10, 86_400_000);
        table.Hold("c", "s", Request.File("elsewhere"), Predicate.Consumes, 10, 1);
        ConflictSet conflicts = table.Acquire("r", "s", _file, Predicate.Mutates, 10).Conflicts;
        Assert.Equal(2, conflicts.Total);
        Assert.Equal(pauseMs, conflicts.PauseMs(10));
    }
}
