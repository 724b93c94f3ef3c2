using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Tests.Sequences;
using Xunit;

namespace Klock.Kernel.Tests.Events;

/// <summary>What a replica learns from events and from a store's rows, beyond who holds what.</summary>
public sealed class FollowingTests
{
    private static readonly LeaseId _id = new(7);
    private readonly LeaseTable _follower = new(10);

    [Fact]
    public void A_follower_has_the_time_and_number_of_the_last_event()
    {
        _follower.Apply(new Event { Sequence = 11, Kind = EventKind.Registered, AtMs = 100, AgentId = "a", Priority = 1 });
        Assert.Equal((11, 100), (_follower.Sequence, _follower.NowMs));
        Lease lease = _follower.Hold("b", "s", Request.File("f"), Predicate.Mutates, 50);
        Assert.Equal((100UL, 100, 13), (lease.Session.Agent.Priority, lease.AcquiredAtMs, lease.FencingToken));
    }

    [Fact]
    public void Neither_an_old_time_nor_an_old_number_takes_it_back()
    {
        _follower.MoveTo(20, 100);
        _follower.MoveTo(15, 90);
        _follower.Apply(new Event { Sequence = 12, Kind = EventKind.Created, AtMs = 80 });
        Assert.Equal((20, 100), (_follower.Sequence, _follower.NowMs));
    }

    [Fact]
    public void What_ended_before_it_was_loaded_is_known()
    {
        _follower.RememberEnded(_id, LeaseState.Expired, 5);
        Assert.Equal(CommandStatus.LeaseExpired, _follower.Heartbeat(_id, 6, out _));
        Assert.Equal(CommandStatus.UnknownLease, _follower.Heartbeat(new LeaseId(8), 6, out _));
    }

    [Theory]
    [InlineData(EventKind.Renewed)]
    [InlineData(EventKind.Released)]
    [InlineData(EventKind.Expired)]
    [InlineData(EventKind.Revoked)]
    [InlineData(EventKind.Granted)]
    [InlineData(EventKind.Forgotten)]
    [InlineData(EventKind.Changed)]
    [InlineData(EventKind.Queued)]
    [InlineData(EventKind.Parked)]
    [InlineData(EventKind.Promoted)]
    [InlineData(EventKind.WaitEnded)]
    [InlineData(EventKind.KeptAlive)]
    [InlineData((EventKind)255)]
    public void An_event_that_does_not_fit_is_refused(EventKind kind)
    {
        Event stray = new() { Sequence = 11, Kind = kind, AtMs = 1, AgentId = "nobody", SessionId = "s", LeaseId = _id };
        Assert.Throws<InvalidOperationException>(() => _follower.Apply(stray));
        Assert.Throws<InvalidOperationException>(() => _follower.Apply(stray with { Wait = new WaitFacts { Id = _id, OwnerId = _id } }));
        Assert.Equal((0, 0), (_follower.CountActive(1), _follower.ResourceNodeCount));
    }

    [Fact]
    public void Nobody_is_told_once_nobody_listens()
    {
        KernelSubject leader = new(0);
        leader.Table.SendEventsTo(leader);
        leader.Table.RegisterAgent("a", 1, 1);
        leader.Table.SendEventsTo(null);
        leader.Table.RegisterAgent("b", 1, 1);
        Assert.Equal(["a"], leader.Events.Select(happened => happened.AgentId));
        Assert.Equal(2, leader.Table.Sequence);
    }
}
