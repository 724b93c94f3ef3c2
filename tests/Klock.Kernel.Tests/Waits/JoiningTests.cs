using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Waits;
using Xunit;

namespace Klock.Kernel.Tests.Waits;

/// <summary>A request that is repeated while it waits shares the place of its first wait, and has it when that is gone.</summary>
public sealed class JoiningTests
{
    private static readonly LeaseId _dead = new(77);
    private static readonly LeaseId _alive = new(78);

    private readonly LeaseTable _table = new(0) { WaitKeepAliveMs = 5_000 };
    private ulong _lastId = 1_000;

    public JoiningTests()
    {
        string[] byAge = ["eldest", "old", "holder", "young", "youngest"];
        for (int i = 0; i < byAge.Length; i++)
        {
            _table.RegisterAgent(byAge[i], (ulong)i, nowMs: 0);
        }
    }

    [Fact]
    public void A_repeat_in_the_queue_is_not_told_to_give_way_to_elders_behind_it_and_keeps_its_turn()
    {
        Lease held = _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        Waiter first = Ask("old", _dead)!;
        Waiter elder = Ask("eldest", _alive, requestId: "e")!;
        _table.KeepWaitsAlive(_alive, 4_000);
        Waiter? again = Ask("old", _alive, nowMs: 4_000);
        Assert.True(again is { IsQueued: true } && first.IsQueued && elder.IsQueued);
        _table.Advance(5_001);
        Assert.True(first.HasEnded && !again.HasEnded);
        _table.Release(held.Id, 5_002);
        Assert.True(again.HasEnded && !elder.HasEnded);
        Assert.Equal("old", Assert.Single(_table.ActiveLeases(5_002)).Session.Agent.Id);
        _table.CheckAll(leads: true);
    }

    [Fact]
    public void What_a_parked_request_has_been_passed_by_counts_for_its_repeat()
    {
        Lease held = _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        Waiter first = Ask("youngest", _dead)!;
        Ask("old", _alive, requestId: "o");
        _table.Release(held.Id, 1);
        Waiter again = Ask("youngest", _alive)!;
        _table.CancelWait(first.Id, 1);
        Assert.False(again.Session.IsSenior || again.IsQueued);
        Ask("eldest", _alive, requestId: "e");
        _table.Release(Assert.Single(_table.ActiveLeases(1)).Id, 1);
        Assert.True(again is { Session.IsSenior: true, IsQueued: true });
        _table.CheckAll(leads: true);
    }

    [Theory]
    [InlineData("old")]
    [InlineData("young")]
    public void All_callers_get_the_same_leases(string agent)
    {
        Lease held = _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        Waiter[] waiters = [Ask(agent, _dead)!, Ask(agent, _alive)!, Ask(agent, _alive)!];
        var ends = new Ends();
        _table.ObserveWaits(ends);
        _table.Release(held.Id, 1);
        Lease lease = Assert.Single(_table.ActiveLeases(1));
        Assert.Equal(waiters.Select(waiter => (waiter.Id, WaitOutcome.Granted, lease.Id)), ends.All.OrderBy(end => end.Item1.Value));
        _table.CheckAll(leads: true);
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1, 0, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(0, 2, 1)]
    public void Whoever_goes_first_the_last_has_the_place(int one, int two, int left)
    {
        Lease held = _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        Waiter[] waiters = [Ask("old", _alive)!, Ask("old", _alive)!, Ask("old", _alive)!];
        long place = waiters[0].Number;
        Waiter elder = Ask("eldest", _alive, requestId: "e")!;
        _table.CancelWait(waiters[one].Id, 1);
        _table.CheckAll(leads: true);
        _table.CancelWait(waiters[two].Id, 1);
        _table.CheckAll(leads: true);
        Assert.Equal(place, waiters[left].Number);
        _table.Release(held.Id, 2);
        Assert.True(waiters[left].HasEnded && !elder.HasEnded);
    }

    [Fact]
    public void The_end_of_its_session_ends_all()
    {
        _table.Hold("holder", "s", Request.File("f"), Predicate.Mutates, 0);
        Waiter[] waiters = [Ask("old", _alive)!, Ask("old", _alive)!];
        _table.EndSession("old", "s", 1);
        Assert.All(waiters, waiter => Assert.True(waiter.HasEnded));
        Assert.Equal(0, _table.WaiterCount);
        _table.CheckAll(leads: true);
    }

    private Waiter? Ask(string agent, LeaseId owner, string requestId = "r", long nowMs = 0)
    {
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = "s",
            Wanted = [new WantedLease(new LeaseId(++_lastId), Request.File("f"), Predicate.Mutates)],
            TtlMs = 60_000,
            RequestId = requestId,
            Wait = new WaitTerms(new LeaseId(++_lastId), owner, 60_000),
        };
        Assert.Equal(CommandStatus.Done, _table.Acquire(request, nowMs, out AcquireOutcome outcome));
        return outcome.Waiter;
    }

    private sealed class Ends : IWaitObserver
    {
        public List<(LeaseId, WaitOutcome, LeaseId)> All { get; } = [];

        public void Ended(Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases) =>
            All.Add((waiter.Id, outcome, Assert.Single(leases).Id));
    }
}
