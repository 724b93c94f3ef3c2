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

    [Fact]
    public void Whom_a_release_frees_are_granted_in_parts()
    {
        Lease held = _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 0, ttlMs: 60_000);

        // A grant to one who waits is two events: what it has, and that it waits no longer.
        _table.FreesAtMost = 6;
        WaitToRead(count: 8);

        _events.Clear();
        Assert.Equal(CommandStatus.Done, _table.Release(held.Id, 10));
        Assert.Equal((3, true, 10), (Granted(), _table.HasMoreToFree, _table.NextDueMs));
        _table.Advance(10, most: 1);
        Assert.Equal((6, true, 10), (Granted(), _table.HasMoreToFree, _table.NextDueMs));
        _table.Advance(10, most: 1);
        Assert.Equal((8, false), (Granted(), _table.HasMoreToFree));
        Assert.InRange(_table.NextDueMs, 11, long.MaxValue);
    }

    // Who comes meanwhile must not be quicker than those who have waited.
    [Fact]
    public void A_command_in_between_comes_after_all_who_were_freed()
    {
        Lease held = _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 0, ttlMs: 60_000);
        _table.FreesAtMost = 1;
        WaitToRead(count: 4);

        _table.Release(held.Id, 10);
        Assert.Null(_table.Acquire("late", "s", Request.File("f"), Predicate.Mutates, 10).Lease);
        Assert.Equal((4, false), (Granted() - 1, _table.HasMoreToFree));
    }

    [Fact]
    public void When_those_who_are_left_have_given_up_there_is_nothing_more_to_do()
    {
        Lease held = _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 0, ttlMs: 60_000);
        _table.FreesAtMost = 1;
        Wait("w1", waitMs: 60_000, id: 1, Predicate.Consumes, "f");
        Wait("w2", waitMs: 100, id: 2, Predicate.Consumes, "f");
        _table.Release(held.Id, 10);
        Assert.True(_table.HasMoreToFree);
        _table.Advance(100, most: 1);
        Assert.False(_table.HasMoreToFree);
        Assert.InRange(_table.NextDueMs, 101, long.MaxValue);
    }

    // It may take longer than they live without it.
    [Fact]
    public void Who_still_waits_gives_signs_of_life_meanwhile()
    {
        Lease held = _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 0, ttlMs: 60_000);
        _table.FreesAtMost = 2;
        WaitToRead(count: 8);

        _table.Release(held.Id, 10);
        for (long now = 2_000; _table.HasMoreToFree; now += 2_000)
        {
            _table.KeepWaitsAlive(new LeaseId(99), now);
        }

        Assert.Equal(9, Granted());
    }

    [Fact]
    public void A_sign_of_life_alone_does_nothing_else()
    {
        _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 0, ttlMs: 100);
        _table.Hold("a", "s", Request.File("g"), Predicate.Mutates, nowMs: 0, ttlMs: 100);
        _table.Hold("a", "s", Request.File("h"), Predicate.Mutates, nowMs: 0, ttlMs: 60_000);
        Wait("w", waitMs: 60_000, id: 1, "h");
        _events.Clear();
        _table.Advance(200, most: 1);
        _table.KeepWaitsAlive(new LeaseId(99));
        Assert.Equal([EventKind.Expired, EventKind.KeptAlive], _events.Select(static happened => happened.Kind));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void At_least_one_may_be_freed(int most) => Assert.Throws<ArgumentOutOfRangeException>(() => _table.FreesAtMost = most);

    /// <summary>Two tables get the same random commands, and one of them grants whom they free in parts, after each: both make the same
    /// events, one by one.</summary>
    [Fact]
    public void In_parts_it_frees_whom_it_frees_at_once()
    {
        int parts = 0;
        for (int seed = 1; seed <= 200; seed++)
        {
            RandomDeeds deeds = new(seed);
            List<Event> atOnce = [];
            List<Event> inParts = [];
            LeaseTable one = new(0, crowdAbove: 3);
            LeaseTable other = new(0, crowdAbove: 3) { FreesAtMost = deeds.Pick(1, 2, 5) };
            one.SendEventsTo(new Gatherer(atOnce));
            other.SendEventsTo(new Gatherer(inParts));
            for (int i = 0; i < 300; i++)
            {
                Deed deed = deeds.Next(one);
                if (deed.What.Format.StartsWith("keep alive", StringComparison.Ordinal))
                {
                    // It comes before those who are freed by what is overdue by then.
                    continue;
                }

                Assert.Equal(deed.Run(one), deed.Run(other));
                for (; other.HasMoreToFree; parts++)
                {
                    other.CheckAll(leads: true);
                    other.Advance(other.NowMs, most: 1);
                }

                Assert.Equal(TextOf(atOnce), TextOf(inParts));
                atOnce.Clear();
                inParts.Clear();
            }
        }

        Assert.InRange(parts, 500, int.MaxValue);
    }

    private void WaitToRead(int count)
    {
        for (ulong id = 1; id <= (ulong)count; id++)
        {
            Wait($"w{id}", waitMs: 60_000, id, Predicate.Consumes, "f");
        }
    }

    private int Granted() => _events.Count(happened => happened.Kind == EventKind.Granted);

    private static string TextOf(List<Event> events) => string.Join('\n', events.Select(static happened =>
        $"{happened with { Wait = null }} {happened.Wait?.Id} {happened.Wait?.Outcome} {happened.Wait?.Successor}"));

    private void Wait(string agent, long waitMs, ulong id, params string[] files) => Wait(agent, waitMs, id, Predicate.Mutates, files);

    private void Wait(string agent, long waitMs, ulong id, Predicate predicate, params string[] files)
    {
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = "s",
            Wanted = [.. files.Select((file, i) =>
                new WantedLease(new LeaseId((100 * id) + (ulong)i), Request.File(file), predicate))],
            TtlMs = 60_000,
            Wait = new WaitTerms(new LeaseId(id), new LeaseId(99), waitMs),
        };
        _table.Acquire(request, 0, out AcquireOutcome outcome);
        Assert.NotNull(outcome.Waiter);
    }
}
