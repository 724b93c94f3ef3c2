using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Agents;

/// <summary>SPEC KLIS-3: a priority is stable while its agent holds anything.</summary>
public sealed class PriorityTests
{
    private static readonly Resource _file = Request.File("f");
    private readonly LeaseTable _table = new(0);

    [Fact]
    public void Registering_again_with_the_same_priority_changes_nothing()
    {
        _table.RegisterAgent("a", 7, 1);
        long sequence = _table.Sequence;
        Assert.Equal(CommandStatus.Done, _table.RegisterAgent("a", 7, 2));
        _table.Hold("a", "s", _file, Predicate.Mutates, 3);
        Assert.Equal(CommandStatus.Done, _table.RegisterAgent("a", 7, 4));
        Assert.Equal(sequence + 1, _table.Sequence);
        Assert.Equal(1, _table.AgentCount);
    }

    [Fact]
    public void An_idle_agent_may_get_another_priority()
    {
        _table.RegisterAgent("a", 7, 1);
        Assert.Equal(CommandStatus.Done, _table.RegisterAgent("a", 3, 1));
        Assert.Equal(3UL, _table.Agents.Single().Priority);
    }

    [Fact]
    public void A_busy_agent_keeps_its_priority_until_its_last_lease_ends()
    {
        Lease first = _table.Hold("a", "s", _file, Predicate.Mutates, 5, ttlMs: 100);
        Lease second = _table.Hold("a", "t", Request.File("g"), Predicate.Mutates, 5);
        Assert.Equal(CommandStatus.AgentBusy, _table.RegisterAgent("a", 3, 5));
        Assert.Equal(CommandStatus.Done, _table.Release(second.Id, 5));
        Assert.Equal(CommandStatus.AgentBusy, _table.RegisterAgent("a", 3, first.ExpiresAtMs - 1));
        Assert.Equal(5UL, _table.Agents.Single().Priority);
        Assert.Equal(CommandStatus.Done, _table.RegisterAgent("a", 3, first.ExpiresAtMs));
        Assert.Equal(3UL, _table.Agents.Single().Priority);
    }
}
