using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Xunit;

namespace Klock.Kernel.Tests.Undo;

/// <summary>Taking back by hand: what the random runs do not come by, and what is refused meanwhile.</summary>
public sealed class TentativeTests
{
    private readonly List<Event> _events = [];
    private readonly LeaseTable _table = new(10);

    public TentativeTests() => _table.SendEventsTo(new Gatherer(_events), defersRefusals: true);

    [Fact]
    public void What_is_taken_back_was_never_granted()
    {
        _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 5);
        (string before, long sequence) = (_table.Dump(), _table.Sequence);
        _table.BeginTentative();
        Assert.True(_table.IsTentative);
        Lease lease = _table.Hold("b", "s", Request.File("g"), Predicate.Mutates, nowMs: 70);
        Assert.Equal((lease, 70), (_table.FindLease(lease.Id), _table.NowMs));
        _table.TakeBack();
        Assert.Equal((before, sequence, 5, false), (_table.Dump(), _table.Sequence, _table.NowMs, _table.IsTentative));
        Assert.Null(_table.FindLease(lease.Id));
        Lease again = _table.Hold("c", "s", Request.File("g"), Predicate.Mutates, nowMs: 6);
        Assert.Equal((lease.FencingToken, 6), (again.FencingToken, again.AcquiredAtMs));
    }

    [Fact]
    public void What_is_kept_stands()
    {
        _table.BeginTentative();
        Lease lease = _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 5);
        _table.Keep();
        Assert.Equal((lease, false), (_table.FindLease(lease.Id), _table.IsTentative));
        Assert.Throws<InvalidOperationException>(_table.TakeBack);
        _table.BeginTentative();
        _table.TakeBack();
        Assert.Equal(lease, _table.FindLease(lease.Id));
    }

    [Fact]
    public void What_others_decided_is_not_followed_meanwhile()
    {
        Assert.Throws<InvalidOperationException>(_table.Keep);
        Assert.Throws<InvalidOperationException>(_table.TakeBack);
        _table.BeginTentative();
        string before = _table.Dump();
        var registered = new Event { Sequence = 11, Kind = EventKind.Registered, AtMs = 100, AgentId = "a", Priority = 1 };
        Assert.Throws<InvalidOperationException>(() => _table.Apply(registered));
        Assert.Throws<InvalidOperationException>(() => _table.MoveTo(20, 100));
        Assert.Throws<InvalidOperationException>(() => _table.RememberEnded(new LeaseId(1), LeaseState.Expired, 5));
        Assert.Throws<InvalidOperationException>(() => _table.RememberPassing(Request.File("f"), Predicate.Mutates, 5));
        Assert.Throws<InvalidOperationException>(_table.BeginTentative);
        Assert.Equal(before, _table.Dump());
        _table.TakeBack();
        _table.Apply(registered);
        Assert.Equal(11, _table.Sequence);
    }

    /// <summary>A refusal that waited for an event waits again, though it was written meanwhile; those that came later do not.</summary>
    [Fact]
    public void Refusals_that_wait_for_an_event_wait_again()
    {
        _table.Hold("a", "s", Request.File("f"), Predicate.Mutates, nowMs: 1);
        Refuse("early");
        string before = _table.Dump();
        _events.Clear();
        _table.BeginTentative();
        Refuse("late");
        _table.TakeBack();
        Assert.Equal((before, true), (_table.Dump(), _table.HasPendingRefusals));
        _table.BeginTentative();
        Refuse("late");
        _table.FlushRefusals();
        Refuse("later");
        _table.TakeBack();
        Assert.Equal((before, true), (_table.Dump(), _table.HasPendingRefusals));
        _events.Clear();
        _table.FlushRefusals();
        Assert.Equal(["early"], _events.Select(happened => happened.AgentId));
    }

    [Fact]
    public void An_agent_that_was_forgotten_is_remembered_again_and_is_the_first_to_forget()
    {
        for (int i = 0; i < LeaseTable.RememberedAgents; i++)
        {
            _table.RegisterAgent($"agent{i}", (ulong)i, nowMs: 1);
        }

        string before = _table.Dump();
        _table.BeginTentative();
        _table.RegisterAgent("another", 1, nowMs: 2);
        _table.Hold("one more", "s", Request.File("f"), Predicate.Mutates, nowMs: 2);
        _table.RegisterAgent("agent0", 7, nowMs: 2);
        Assert.Equal(3, _events.Count(happened => happened.Kind == EventKind.Forgotten));
        _table.TakeBack();
        Assert.Equal(before, _table.Dump());
        _events.Clear();
        _table.RegisterAgent("another", 1, nowMs: 2);
        Assert.Equal("agent0", _events[^1].AgentId);
    }

    /// <summary>So many processes were notified that all are forgotten; taken back, all are known.</summary>
    [Fact]
    public void Who_was_notified_of_a_shared_session_stays_notified()
    {
        const int Notified = 1_024;
        _table.WatchForSharing(new SharedSessions(static (_, _) => true));
        for (int i = 0; i <= Notified; i++)
        {
            HoldBound(process: 1 + i);
        }

        Assert.Equal(Notified, _events.Count(happened => happened.Kind == EventKind.SessionShared));
        string before = _table.Dump();
        for (int i = 0; i < 2; i++)
        {
            _table.BeginTentative();
            _events.Clear();
            HoldBound(process: 5_000);
            Assert.Contains(_events, happened => happened.Kind == EventKind.SessionShared);
            _table.TakeBack();
            Assert.Equal(before, _table.Dump());
        }

        _events.Clear();
        HoldBound(process: 2);
        Assert.DoesNotContain(_events, happened => happened.Kind == EventKind.SessionShared);
    }

    [Fact]
    public void Names_that_nobody_claims_are_kept_and_forgotten_as_ever()
    {
        for (int i = 0; i < 100; i++)
        {
            Release(_table.Hold("a", "s", Request.File($"old/{i}"), Predicate.Mutates, nowMs: 1));
        }

        string before = _table.Dump();
        for (int round = 0; round < 2; round++)
        {
            _table.BeginTentative();
            for (int i = 0; i < 300; i++)
            {
                Release(_table.Hold("a", "s", Request.File($"new/{i}"), Predicate.Mutates, nowMs: 2));
            }

            if (round == 0)
            {
                _table.TakeBack();
                Assert.Equal(before, _table.Dump());
            }
        }

        _table.Keep();
        string[] names = [.. _table.Dump().Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal))];
        Assert.Equal(64, names.Count(line => line.Contains("/new/", StringComparison.Ordinal)));
        Assert.DoesNotContain(names, line => line.Contains("/old/", StringComparison.Ordinal));
    }

    private void Release(Lease lease) => Assert.Equal(CommandStatus.Done, _table.Release(lease.Id, 2));

    private void Refuse(string agent)
    {
        Lease? lease = _table.Acquire(agent, "s", Request.File("f"), Predicate.Mutates, nowMs: 1).Lease;
        Assert.Null(lease);
    }

    private void HoldBound(int process)
    {
        var request = new AcquireRequest
        {
            AgentId = "a",
            SessionId = "s",
            Wanted = [new WantedLease(new LeaseId((UInt128)(process + (_events.Count * 100_000L))), Request.File("f"), Predicate.Mutates)],
            TtlMs = 60_000,
            BoundTo = new LeaseId((UInt128)process),
        };
        _table.Acquire(request, 1, out AcquireOutcome outcome);
        Assert.True(outcome.IsGranted);
    }
}
