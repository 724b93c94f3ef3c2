using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.WaitDie;

/// <summary>SPEC KLIS-7: a session never conflicts with itself; another session of the same agent does.</summary>
public sealed class ReentranceTests
{
    public static TheoryData<Predicate, Predicate> Pairs { get; } =
        [.. from held in Enum.GetValues<Predicate>() from asked in Enum.GetValues<Predicate>() select (held, asked)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_session_is_granted_whatever_it_holds_itself(Predicate held, Predicate asked)
    {
        foreach (string again in new[] { "a/b", "a/**", "**" })
        {
            LeaseTable table = new(0);
            Lease first = table.Hold("a", "s", Request.File("a/b"), held, 1);
            Lease second = table.Hold("a", "s", Request.File(again), asked, 1);
            Assert.NotEqual(first.Id, second.Id);
            Assert.True(second.FencingToken > first.FencingToken);
            Assert.Equal(2, table.CountActive(1));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Another_session_of_the_agent_is_judged_like_anyone(Predicate held, Predicate asked)
    {
        Resource file = Request.File("a/b");
        bool conflict = Compatibility.Conflicts(held, asked);
        foreach ((string session, Verdict refusal) in new[] { ("a", Verdict.Wait), ("z", Verdict.Die) })
        {
            LeaseTable table = new(0);
            table.Hold("a", "s", file, held, 1);
            Assert.Equal(conflict ? refusal : Verdict.Grant, table.Acquire("a", session, file, asked, 1).Conflicts.Verdict);
        }
    }

    [Fact]
    public void A_lease_that_is_left_still_protects_when_the_other_is_let_go()
    {
        LeaseTable table = new(0);
        Resource file = Request.File("f");
        Lease first = table.Hold("a", "s", file, Predicate.Mutates, 1);
        table.Hold("a", "s", file, Predicate.Mutates, 1);
        Assert.Equal(CommandStatus.Done, table.Release(first.Id, 1));
        Assert.Null(table.Acquire("b", "s", file, Predicate.Consumes, 1).Lease);
    }

    [Fact]
    public void A_session_of_the_same_name_but_another_agent_is_another_session()
    {
        LeaseTable table = new(0);
        Resource file = Request.File("f");
        table.Hold("a", "s", file, Predicate.Mutates, 1);
        Assert.Null(table.Acquire("b", "s", file, Predicate.Mutates, 1).Lease);
    }
}
