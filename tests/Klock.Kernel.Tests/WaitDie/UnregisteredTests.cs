using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.WaitDie;

/// <summary>SPEC KLIS-3: who never registered is registered by its first acquire, as old as that.</summary>
public sealed class UnregisteredTests
{
    private static readonly Resource _file = Request.File("f");

    [Fact]
    public void A_grant_registers_with_the_time_as_priority()
    {
        LeaseTable table = new(0);
        table.Hold("a", "s", _file, Predicate.Mutates, 1234);
        Assert.Equal([("a", 1234UL)], table.Agents.Select(agent => (agent.Id, agent.Priority)));
    }

    [Fact]
    public void A_refusal_registers_too()
    {
        LeaseTable table = new(0);
        table.Hold("a", "s", _file, Predicate.Mutates, 100);
        Assert.Null(table.Acquire("b", "s", _file, Predicate.Mutates, 200).Lease);
        Assert.Null(table.Acquire("b", "s", _file, Predicate.Mutates, 300).Lease);
        Assert.Equal(200UL, table.Agents.Single(agent => agent.Id == "b").Priority);
    }

    [Theory]
    [InlineData(99UL, Verdict.Wait)]
    [InlineData(101UL, Verdict.Die)]
    public void An_unregistered_holder_is_never_ignored(ulong requesterPriority, Verdict expected)
    {
        LeaseTable table = new(0);
        table.Hold("m", "s", _file, Predicate.Mutates, 100);
        table.RegisterAgent("r", requesterPriority, 100);
        Assert.Equal(expected, table.Acquire("r", "s", _file, Predicate.Mutates, 100).Conflicts.Verdict);
    }

    [Fact]
    public void Two_that_come_in_one_millisecond_are_ordered_by_their_ids()
    {
        LeaseTable table = new(0);
        table.Hold("m", "s", _file, Predicate.Mutates, 100);
        Assert.Equal(Verdict.Wait, table.Acquire("a", "s", _file, Predicate.Mutates, 100).Conflicts.Verdict);
        Assert.Equal(Verdict.Die, table.Acquire("z", "s", _file, Predicate.Mutates, 100).Conflicts.Verdict);
    }

    [Fact]
    public void A_declaration_judges_it_so_but_stores_nothing()
    {
        LeaseTable table = new(0);
        table.Hold("m", "s", _file, Predicate.Mutates, 100);
        long sequence = table.Sequence;
        Assert.Equal(Verdict.Wait, table.Declare("a", "s", [new(Predicate.Mutates, _file)], 100).Verdict);
        Assert.Equal(Verdict.Die, table.Declare("z", "s", [new(Predicate.Mutates, _file)], 100).Verdict);
        Assert.Equal(Verdict.Die, table.Declare("a", "s", [new(Predicate.Mutates, _file)], 101).Verdict);
        Assert.Equal(1, table.AgentCount);
        Assert.Equal(sequence, table.Sequence);
    }
}
