using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Tests.Undo;
using Xunit;

namespace Klock.Kernel.Tests.Leases;

/// <summary>What is overdue ends in parts: as it would in one go, and in nobody's way meanwhile.</summary>
public sealed class BoundedAdvanceTests
{
    private readonly List<Event> _events = [];
    private readonly LeaseTable _table = new(0);

    public BoundedAdvanceTests() => _table.SendEventsTo(new Gatherer(_events));

    [Fact]
    public void At_most_so_many_end_and_the_rest_the_next_time()
    {
        for (int i = 0; i < 10; i++)
        {
            _table.Hold("a", "s", Request.File($"f{i}"), Predicate.Mutates, nowMs: 0, ttlMs: 100 + i);
        }

        _events.Clear();
        Assert.Equal(4, _table.Advance(200, most: 4));
        Assert.Equal((6, true), (_events.Count + 2, _table.NextDueMs <= 200));
        Assert.Equal(4, _table.Advance(200, most: 4));
        Assert.Equal(2, _table.Advance(200, most: 4));
        Assert.Equal((0, long.MaxValue), (_table.Advance(200, most: 4), _table.NextDueMs));
        Assert.Equal(Enumerable.Range(100, 10), _events.Select(happened => (int)happened.ExpiresAtMs));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void At_least_one_may_end(int most)
    {
        _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 0, ttlMs: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => _table.Advance(5, most));
        Assert.Equal(0, _table.NowMs);
    }

    // The second waits for the first alone. That it ends a call later gives it nothing.
    [Fact]
    public void Who_is_overdue_itself_is_not_granted_what_ended_before()
    {
        _table.RegisterAgent("young", 9, 0);
        _table.RegisterAgent("old", 1, 0);
        _table.RegisterAgent("older", 0, 0);
        Lease held = _table.Hold("young", "s", Request.File("f"), Predicate.Mutates, nowMs: 0, ttlMs: 100);
        Wait("old", waitMs: 50, id: 1, "f", "g");
        Wait("older", waitMs: 60, id: 2, "g");
        _events.Clear();
        _table.Advance(100, most: 1);
        _table.Advance(100, most: 1);
        Assert.Equal(1, _table.Advance(100, most: 1));
        Assert.Equal([EventKind.WaitEnded, EventKind.WaitEnded, EventKind.Expired], _events.Select(happened => happened.Kind));
        Assert.Equal(held.Id, _events[^1].LeaseId);
    }

    [Fact]
    public void A_command_in_between_is_judged_as_if_all_had_ended()
    {
        for (int i = 0; i < 5; i++)
        {
            _table.Hold("a", "s", Request.File($"f{i}"), Predicate.Mutates, nowMs: 0, ttlMs: 100);
        }

        _table.Advance(100, most: 1);
        Assert.NotNull(_table.Acquire("b", "s", Request.File("f4"), Predicate.Mutates, 100).Lease);
        Assert.Equal((1, 100 + 60_000), (_table.CountActive(100), _table.NextDueMs));
    }

    /// <summary>Two tables get the same random commands, and one of them ends what is overdue in parts, before each: both make the same
    /// events, one by one.</summary>
    [Fact]
    public void In_parts_it_makes_the_events_that_it_makes_at_once()
    {
        int parts = 0;
        for (int seed = 1; seed <= 200; seed++)
        {
            RandomDeeds deeds = new(seed);
            List<Event> atOnce = [];
            List<Event> inParts = [];
            LeaseTable one = new(0, crowdAbove: 3);
            LeaseTable other = new(0, crowdAbove: 3);
            one.SendEventsTo(new Gatherer(atOnce));
            other.SendEventsTo(new Gatherer(inParts));
            for (int i = 0; i < 300; i++)
            {
                long now = deeds.Time(one);
                int most = deeds.Pick(1, 2, 5);
                int expired = one.Advance(now);
                int expiredInParts = other.Advance(now, most);
                while (other.NextDueMs <= other.NowMs)
                {
                    parts++;
                    other.CheckAll(leads: false);
                    expiredInParts += other.Advance(now, most);
                }

                Assert.Equal(expired, expiredInParts);
                Deed deed = deeds.Next(one);
                Assert.Equal(deed.Run(one), deed.Run(other));
                Assert.Equal(TextOf(atOnce), TextOf(inParts));
                atOnce.Clear();
                inParts.Clear();
            }
        }

        Assert.InRange(parts, 500, int.MaxValue);
    }

    private static string TextOf(List<Event> events) => string.Join('\n', events.Select(happened => happened with { Wait = null }));

    private void Wait(string agent, long waitMs, ulong id, params string[] files)
    {
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = "s",
            Wanted = [.. files.Select((file, i) =>
                new WantedLease(new LeaseId((100 * id) + (ulong)i), Request.File(file), Predicate.Mutates))],
            TtlMs = 60_000,
            Wait = new WaitTerms(new LeaseId(id), new LeaseId(99), waitMs),
        };
        _table.Acquire(request, 0, out AcquireOutcome outcome);
        Assert.NotNull(outcome.Waiter);
    }
}
