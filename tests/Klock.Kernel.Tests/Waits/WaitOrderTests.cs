using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Xunit;

namespace Klock.Kernel.Tests.Waits;

/// <summary>Who waits is listed in order, as long as its time and its process last; those whose time is up together end in order.</summary>
public sealed class WaitOrderTests
{
    private const long KeepAliveMs = 5_000;

    private static readonly LeaseId _process = new(77);
    private static readonly LeaseId _other = new(78);

    private readonly LeaseTable _table = new(0) { WaitKeepAliveMs = KeepAliveMs };
    private readonly List<Event> _events = [];
    private ulong _lastId = 1_000;

    public WaitOrderTests()
    {
        _table.SendEventsTo(new Gatherer(_events));
        string[] byAge = ["eldest", "old", "holder", "young", "youngest"];
        for (int i = 0; i < byAge.Length; i++)
        {
            _table.RegisterAgent(byAge[i], (ulong)i, nowMs: 0);
        }
    }

    [Fact]
    public void The_queue_is_listed_first_and_the_parked_after_it_each_in_its_order()
    {
        _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        Wait("young", "f");
        Wait("youngest", "f");
        Wait("old", "f");
        Wait("eldest", "f");
        Assert.Equal(["old", "eldest", "young", "youngest"], Listed(0));
    }

    [Fact]
    public void Names_that_are_held_queued_for_and_parked_for_are_counted()
    {
        _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        int held = _table.ResourceNodeCount;
        Wait("old", "f");
        Assert.Equal(2 * held, _table.ResourceNodeCount);
        Wait("young", "f");
        Assert.Equal(3 * held, _table.ResourceNodeCount);
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1_000, false)]
    [InlineData(1_001, false)]
    public void Who_has_no_time_left_is_not_listed(long nowMs, bool isListed)
    {
        _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        Wait("old", "f", waitMs: 1_000);
        Assert.Equal(isListed ? ["old"] : [], Listed(nowMs));
    }

    [Theory]
    [InlineData(KeepAliveMs - 1, true)]
    [InlineData(KeepAliveMs, false)]
    public void Who_gives_no_sign_of_life_is_not_listed(long nowMs, bool isListed)
    {
        _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        Wait("old", "f", waitMs: 60_000);
        Assert.Equal(isListed ? ["old"] : [], Listed(nowMs));
    }

    [Fact]
    public void Of_those_whose_time_is_up_together_who_was_promoted_later_ends_later()
    {
        Lease held = _table.Hold("holder", "s", Request.File("f"), Predicate.Consumes, 0);
        _table.Hold("youngest", "s", Request.File("f"), Predicate.Consumes, 0);
        _table.Hold("holder", "s", Request.File("g"), Predicate.Mutates, 0);
        Wait("young", "f", waitMs: 1_000);
        Wait("old", "g", waitMs: 1_000);
        _table.Release(held.Id, nowMs: 1);
        Assert.Equal(EventKind.Promoted, _events[^1].Kind);
        _table.Advance(1_000);
        IEnumerable<Event> ended = _events.Where(happened => happened.Kind == EventKind.WaitEnded);
        Assert.Equal(["old", "young"], ended.Select(happened => happened.AgentId));
    }

    [Fact]
    public void What_a_dead_process_held_and_waited_for_ends_in_order_and_what_is_overdue_before_it()
    {
        _table.Hold("old", "s", Request.File("short"), Predicate.Mutates, 0, ttlMs: 10);
        foreach (string file in new[] { "a", "b", "c" })
        {
            Ask("holder", file, _process, bound: true);
        }

        foreach (string agent in new[] { "old", "eldest" })
        {
            Ask(agent, "a", _process, bound: true);
        }

        Assert.Equal(3, _table.EndBound(_process, nowMs: 10));
        Event[] ended = [.. _events.Where(happened => happened.Kind is EventKind.WaitEnded or EventKind.Expired)];
        Assert.Equal(
            ["FILE:short", "old", "eldest", "FILE:a", "FILE:b", "FILE:c"],
            ended.Select(happened => happened.Kind == EventKind.Expired ? happened.Resource!.ToString() : happened.AgentId));
    }

    [Fact]
    public void Of_a_process_that_has_nothing_only_time_goes_on()
    {
        _table.Hold("old", "s", Request.File("short"), Predicate.Mutates, 0, ttlMs: 10);
        Assert.Equal(0, _table.EndBound(_process, nowMs: 10));
        Assert.Equal(EventKind.Expired, _events[^1].Kind);
    }

    private IEnumerable<string> Listed(long nowMs) => _table.ActiveWaiters(nowMs).Select(waiter => waiter.Session.Agent.Id);

    private void Wait(string agent, string path, long waitMs = 1_000) => Ask(agent, path, _other, waitMs: waitMs);

    private void Ask(string agent, string path, LeaseId owner, bool bound = false, long waitMs = 60_000)
    {
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = "s",
            Wanted = [new WantedLease(new LeaseId(++_lastId), Request.File(path), Predicate.Mutates)],
            TtlMs = 60_000,
            Wait = new WaitTerms(new LeaseId(++_lastId), owner, waitMs),
            BoundTo = bound ? owner : default,
        };
        _table.Acquire(request, nowMs: 0, out _);
    }
}
