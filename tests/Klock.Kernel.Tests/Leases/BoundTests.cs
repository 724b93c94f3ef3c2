using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Xunit;

namespace Klock.Kernel.Tests.Leases;

/// <summary>What is bound to a process ends with it, and nothing else does.</summary>
public sealed class BoundTests
{
    private static readonly LeaseId _process = new(77);
    private static readonly LeaseId _other = new(78);

    private readonly LeaseTable _table = new(0);
    private readonly List<Event> _events = [];
    private ulong _lastId = 1_000;

    public BoundTests() => _table.SendEventsTo(new Gatherer(_events));

    [Fact]
    public void All_leases_of_the_process_end_and_those_of_others_stay()
    {
        Lease[] gone = [Hold("a", "x", _process), Hold("b", "y", _process)];
        Lease[] stay = [Hold("c", "z", _other), Hold("d", "w", default)];
        Assert.Equal(2, _table.EndBound(_process, nowMs: 5));
        Assert.All(gone, lease => Assert.Equal(LeaseState.Expired, _table.FindEnded(lease.Id)));
        Assert.All(stay, lease => Assert.Same(lease, _table.FindLease(lease.Id)));
        Assert.Equal([_other], _table.BoundProcesses);
        Assert.Equal(0, _table.EndBound(_process, nowMs: 6));
        Assert.Equal(CommandStatus.LeaseExpired, _table.Release(gone[0].Id, nowMs: 6));
    }

    [Fact]
    public void Its_waits_end_first_so_that_nothing_is_granted_to_the_dead()
    {
        Lease held = Hold("z-young", "x", _process);
        _table.RegisterAgent("a-old", 0, nowMs: 0);
        _table.RegisterAgent("b-old", 1, nowMs: 0);
        Waiter dead = Ask("b-old", "x", _process).Waiter!;
        Waiter alive = Ask("a-old", "x", _other).Waiter!;
        _table.EndBound(_process, nowMs: 5);
        Assert.Null(_table.FindWaiter(dead.Id));
        Assert.Null(_table.FindLease(held.Id));
        Assert.Single(_table.FindGranted(alive));
        Assert.Empty(_table.FindGranted(dead));
        Assert.Equal([_other], _table.BoundProcesses);
        Assert.Equal(
            [EventKind.WaitEnded, EventKind.Expired, EventKind.Granted, EventKind.WaitEnded],
            _events.TakeLast(4).Select(happened => happened.Kind));
    }

    [Fact]
    public void A_wait_hands_its_process_on_to_the_lease_it_gets()
    {
        Lease held = Hold("z-young", "x", default);
        _table.RegisterAgent("a-old", 0, nowMs: 0);
        Waiter waiter = Ask("a-old", "x", _process).Waiter!;
        _table.Release(held.Id, nowMs: 1);
        Assert.Equal(_process, Assert.Single(_table.FindGranted(waiter)).BoundTo);
        Assert.Equal([_process], _table.BoundProcesses);
        _table.Release(_table.FindGranted(waiter)[0].Id, nowMs: 2);
        Assert.Empty(_table.BoundProcesses);
    }

    [Fact]
    public void A_follower_knows_what_is_bound()
    {
        Hold("z-young", "x", _other);
        _table.RegisterAgent("a-old", 0, nowMs: 0);
        Ask("a-old", "x", _process);
        var follower = new LeaseTable(0);
        _events.ForEach(happened => follower.Apply(happened));
        Assert.Equal(_table.BoundProcesses.OrderBy(id => id.Value), follower.BoundProcesses.OrderBy(id => id.Value));
        Assert.Equal(1, follower.EndBound(_other, nowMs: 1));
        Assert.Equal([_process], follower.BoundProcesses);
    }

    [Fact]
    public void What_two_processes_were_told_of_ends_with_neither()
    {
        Lease asked = Ask("a", "x", _process, "r").Lease!;
        Assert.Same(asked, Ask("a", "x", _other, "r").Lease);
        Lease again = Ask("b", "y", _process, "r").Lease!;
        Assert.Same(again, Ask("b", "y", _process, "r").Lease);
        Assert.Equal(1, _table.EndBound(_process, nowMs: 1));
        Assert.Equal(0, _table.EndBound(_other, nowMs: 1));
        Assert.Same(asked, _table.FindLease(asked.Id));
        AssertFollowed(asked);
    }

    [Fact]
    public void Nor_does_what_two_of_their_waits_got()
    {
        Lease held = Hold("z-young", "x", default);
        _table.RegisterAgent("a-old", 0, nowMs: 0);
        Ask("a-old", "x", _process, "r");
        Waiter other = Ask("a-old", "x", _other, "r").Waiter!;
        _table.Release(held.Id, nowMs: 1);
        Lease granted = Assert.Single(_table.FindGranted(other));
        Assert.Empty(_table.BoundProcesses);
        AssertFollowed(granted);
    }

    private void AssertFollowed(Lease lease)
    {
        var follower = new LeaseTable(0);
        _events.ForEach(happened => follower.Apply(happened));
        Lease followed = follower.FindLease(lease.Id)!;
        Assert.Equal((lease.BoundTo, lease.ExpiresAtMs), (followed.BoundTo, followed.ExpiresAtMs));
        Assert.Empty(follower.BoundProcesses);
    }

    private Lease Hold(string agent, string path, LeaseId process) => Ask(agent, path, process).Lease!;

    private AcquireOutcome Ask(string agent, string path, LeaseId process, string? requestId = null)
    {
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = "s",
            Wanted = [new WantedLease(new LeaseId(++_lastId), Request.File(path), Predicate.Mutates)],
            TtlMs = 60_000,
            Wait = new WaitTerms(new LeaseId(++_lastId), process == default ? _other : process, 60_000),
            BoundTo = process,
            RequestId = requestId,
        };
        _table.Acquire(request, nowMs: 0, out AcquireOutcome outcome);
        return outcome;
    }
}
