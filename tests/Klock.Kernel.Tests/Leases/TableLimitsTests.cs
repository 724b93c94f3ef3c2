using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Xunit;

namespace Klock.Kernel.Tests.Leases;

/// <summary>Past a limit nothing is added and nothing changed; below it, again, everything goes on.</summary>
public sealed class TableLimitsTests
{
    private readonly LeaseTable _table = new(1)
    {
        Limits = new TableLimits { Leases = 4, SessionLeases = 3, Waits = 4, SessionWaits = 2, NameWaits = 3 },
    };

    private long _lastWait;

    [Fact]
    public void A_session_holds_no_more_than_it_may_until_it_releases_one()
    {
        Lease first = _table.Hold("a", "s", Request.File("1"), Predicate.Mutates, 0);
        _table.Hold("a", "s", Request.File("2"), Predicate.Mutates, 0);
        Assert.Equal(CommandStatus.TooManyLeasesOfSession, Ask("a", "s", "3", "4"));
        _table.Hold("a", "s", Request.File("3"), Predicate.Mutates, 0);
        Assert.Equal(CommandStatus.TooManyLeasesOfSession, Ask("a", "s", "4"));
        Assert.Equal(3, _table.CountActive(0));
        _table.Hold("a", "other", Request.File("4"), Predicate.Mutates, 0);
        _table.Release(first.Id, 0);
        _table.Hold("a", "s", Request.File("5"), Predicate.Mutates, 0);
        _table.CheckAll(leads: true);
    }

    [Fact]
    public void A_table_holds_no_more_than_it_may_until_one_runs_out()
    {
        for (int i = 0; i < 4; i++)
        {
            _table.Hold($"a{i}", "s", Request.File($"{i}"), Predicate.Mutates, nowMs: 0, ttlMs: 10 + i);
        }

        long before = _table.Sequence;
        Assert.Equal(CommandStatus.TooManyLeases, Ask("a0", "s", "more"));
        Assert.Equal((4, before), (_table.CountActive(0), _table.Sequence));
        Assert.Equal(CommandStatus.Done, Ask("a0", "s", nowMs: 10, "more"));
        Assert.Equal(4, _table.CountActive(10));
    }

    [Fact]
    public void What_was_granted_already_is_no_new_lease()
    {
        Lease named = _table.Acquire("a", "s", Request.File("1"), Predicate.Mutates, 0, requestId: "r").Lease!;
        _table.Hold("a", "s", Request.File("2"), Predicate.Mutates, 0);
        _table.Hold("a", "s", Request.File("3"), Predicate.Mutates, 0);
        Assert.Equal(named.Id, _table.Acquire("a", "s", Request.File("1"), Predicate.Mutates, 0, requestId: "r").Lease!.Id);
    }

    [Fact]
    public void No_more_requests_wait_than_may_for_a_name_a_session_and_in_all()
    {
        _table.RegisterAgent("old", 1, 0);
        _table.Hold("holder", "s", Request.File("x"), Predicate.Mutates, 0);
        _table.Hold("holder", "s", Request.File("y"), Predicate.Mutates, 0);
        Assert.Equal(CommandStatus.Done, Ask("old", "1", waits: true, "x"));
        Assert.Equal(CommandStatus.Done, Ask("old", "1", waits: true, "x"));
        Assert.Equal(CommandStatus.TooManyWaitsOfSession, Ask("old", "1", waits: true, "y"));
        Assert.Equal(CommandStatus.Done, Ask("old", "2", waits: true, "x"));
        Assert.Equal(CommandStatus.TooManyWaitsForName, Ask("old", "2", waits: true, "x"));
        Assert.Equal(CommandStatus.Done, Ask("old", "2", waits: true, "y"));
        Assert.Equal(CommandStatus.TooManyWaits, Ask("old", "3", waits: true, "y"));
        Assert.Equal(4, _table.WaiterCount);
        Assert.Equal(CommandStatus.Done, Ask("old", "3", "y"));
        _table.CancelWait(new LeaseId((UInt128)_lastWait - 2), 0);
        _table.CheckAll(leads: true);
    }

    [Fact]
    public void A_change_that_would_wait_is_a_wait_too()
    {
        Lease reads = _table.Hold("a", "s", Request.File("x"), Predicate.Consumes, 0);
        _table.RegisterAgent("b", ulong.MaxValue, 0);
        _table.Hold("b", "s", Request.File("x"), Predicate.Consumes, 0);
        _table.RegisterAgent("old", 0, 0);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(CommandStatus.Done, Ask("old", $"{i}", waits: true, "x"));
        }

        Assert.Equal(CommandStatus.TooManyWaitsForName, _table.Change(reads.Id, Predicate.Mutates, NextWait(), 0, out _));
        Assert.Equal((Predicate.Consumes, 3), (reads.Predicate, _table.WaiterCount));
    }

    private CommandStatus Ask(string agent, string session, params string[] paths) => Ask(agent, session, 0, waits: false, paths);

    private CommandStatus Ask(string agent, string session, long nowMs, params string[] paths) =>
        Ask(agent, session, nowMs, waits: false, paths);

    private CommandStatus Ask(string agent, string session, bool waits, params string[] paths) => Ask(agent, session, 0, waits, paths);

    private CommandStatus Ask(string agent, string session, long nowMs, bool waits, string[] paths)
    {
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = session,
            Wanted = [.. paths.Select(path => new WantedLease(
                new LeaseId((UInt128)(1_000 + Interlocked.Increment(ref _lastWait))), Request.File(path), Predicate.Mutates))],
            TtlMs = 60_000,
            Wait = waits ? NextWait() : null,
        };
        return _table.Acquire(request, nowMs, out _);
    }

    private WaitTerms NextWait() => new(new LeaseId((UInt128)(++_lastWait)), new LeaseId(7), 60_000);
}
