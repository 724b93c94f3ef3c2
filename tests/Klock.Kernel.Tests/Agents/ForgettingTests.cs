using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tests.Sequences;
using Xunit;

namespace Klock.Kernel.Tests.Agents;

/// <summary>SPEC KLIS-3: agents are remembered up to a bound; idle ones are forgotten first.</summary>
public sealed class ForgettingTests
{
    private static readonly Resource _file = Request.File("f");
    private readonly LeaseTable _table = new(0);

    public ForgettingTests()
    {
        for (int i = 0; i < LeaseTable.RememberedAgents; i++)
        {
            Assert.Equal(CommandStatus.Done, _table.RegisterAgent($"agent{i}", (ulong)i, 1));
        }
    }

    [Fact]
    public void At_the_bound_nobody_is_forgotten_and_beyond_it_the_least_recently_used()
    {
        Assert.True(IsKnown("agent0"));
        _table.RegisterAgent("new1", 1, 1);
        Assert.False(IsKnown("agent0"));
        Assert.True(IsKnown("agent1"));
        _table.RegisterAgent("new2", 1, 1);
        Assert.False(IsKnown("agent1"));
        Assert.Equal(LeaseTable.RememberedAgents, _table.AgentCount);
    }

    [Fact]
    public void Who_holds_something_is_not_forgotten_nor_who_did_lately()
    {
        _table.Hold("agent0", "s", _file, Predicate.Consumes, 1);
        Lease released = _table.Hold("agent1", "s", _file, Predicate.Consumes, 1);
        Lease expired = _table.Hold("agent2", "s", _file, Predicate.Consumes, 1, ttlMs: 1);
        Assert.Equal(CommandStatus.Done, _table.Release(released.Id, 1));
        _table.RegisterAgent("agent3", 1_000_000, expired.ExpiresAtMs);

        _table.RegisterAgent("new1", 1, 5);
        _table.RegisterAgent("new2", 1, 5);

        Assert.All(["agent0", "agent1", "agent2", "agent3", "agent6"], name => Assert.True(IsKnown(name), name));
        Assert.All(["agent4", "agent5"], name => Assert.False(IsKnown(name), name));
    }

    [Fact]
    public void Who_was_forgotten_is_new_when_it_comes_again()
    {
        _table.RegisterAgent("new", 1, 1);
        Assert.Equal(CommandStatus.Done, _table.RegisterAgent("agent0", 77, 1));
        Assert.Equal(77UL, _table.Agents.Single(agent => agent.Id == "agent0").Priority);
        Assert.False(IsKnown("agent1"));
    }

    [Fact]
    public void When_all_are_busy_none_is_forgotten_until_they_are_idle_again()
    {
        for (int i = 0; i < LeaseTable.RememberedAgents; i++)
        {
            _table.Hold($"agent{i}", "s", _file, Predicate.Consumes, 1, ttlMs: 10);
        }

        _table.Hold("late1", "s", _file, Predicate.Consumes, 1);
        _table.Hold("late2", "s", _file, Predicate.Consumes, 1);
        Assert.Equal(LeaseTable.RememberedAgents + 2, _table.AgentCount);
        _table.RegisterAgent("later", 1, 11);
        Assert.Equal(LeaseTable.RememberedAgents, _table.AgentCount);
        Assert.True(IsKnown("late1") && IsKnown("late2") && IsKnown("later"));
    }

    [Fact]
    public void A_follower_forgets_the_same_ones()
    {
        KernelSubject leader = new(0);
        LeaseTable follower = new(0);
        leader.Table.SendEventsTo(leader);
        for (int i = 0; i < LeaseTable.RememberedAgents + 50; i++)
        {
            leader.Table.RegisterAgent($"agent{i}", (ulong)i, 1);
            if (i % 1_000 == 0)
            {
                leader.Table.Release(leader.Table.Hold($"agent{i / 2}", "s", _file, Predicate.Mutates, 1).Id, 1);
            }
        }

        foreach (Event happened in leader.Events)
        {
            follower.Apply(happened);
        }

        Assert.Equal(Enumerable.Range(1, leader.Events.Count).Select(i => (long)i), leader.Events.Select(happened => happened.Sequence));
        Assert.Equal(50, leader.Events.Count(happened => happened.Kind == EventKind.Forgotten));
        Assert.Equal(Names(leader.Table), Names(follower));
        leader.Table.RegisterAgent("one more", 1, 1);
        follower.RegisterAgent("one more", 1, 1);
        Assert.Equal(Names(leader.Table), Names(follower));
    }

    private static HashSet<string> Names(LeaseTable table) => [.. table.Agents.Select(agent => agent.Id)];

    private bool IsKnown(string agent) => _table.Agents.Any(known => known.Id == agent);
}
