using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Tests.Sequences;
using Xunit;

namespace Klock.Kernel.Tests.Leases;

/// <summary>SPEC KLIS-4: grants within one millisecond are all kept, each under its own id and with a token above the last.</summary>
public sealed class ManyGrantsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thousand_grants_at_one_now_are_a_thousand_leases(bool oneResource)
    {
        const long Start = 1_700_000_000_000_000;
        LeaseTable table = new(Start);
        List<Lease> granted = [];
        for (int i = 0; i < 1_000; i++)
        {
            granted.Add(table.Hold("a", "s", Request.File(oneResource ? "f" : $"d{i % 7}/f{i}"), Predicate.Mutates, 5));
        }

        Assert.Equal(1_000, table.CountActive(5));
        Assert.Equal(1_000, granted.Select(lease => lease.Id).Distinct().Count());
        Assert.Equal(granted.Select(lease => lease.Id).ToHashSet(), table.ActiveLeases(5).Select(lease => lease.Id).ToHashSet());
        Assert.All(granted.Zip(granted.Skip(1)), pair => Assert.True(pair.First.FencingToken < pair.Second.FencingToken));
        Assert.True(granted[0].FencingToken > Start && granted[^1].FencingToken < 1L << 53);
        Assert.All(granted, lease => Assert.Equal(CommandStatus.Done, table.Release(lease.Id, 5)));
        Assert.Equal((0, 0), (table.CountActive(5), table.ResourceNodeCount));
    }

    [Fact]
    public void A_token_is_the_number_of_the_event_that_tells_of_the_grant()
    {
        KernelSubject kernel = new(10);
        kernel.Table.SendEventsTo(kernel);
        Lease lease = kernel.Table.Hold("a", "s", Request.File("f"), Predicate.Mutates, 5);
        (EventKind, long)[] events = [.. kernel.Events.Select(happened => (happened.Kind, happened.Sequence))];
        Assert.Equal([(EventKind.Registered, 11L), (EventKind.Granted, 12L)], events);
        Assert.Equal(12, lease.FencingToken);
    }
}
