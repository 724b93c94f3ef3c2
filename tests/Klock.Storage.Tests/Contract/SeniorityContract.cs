using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>Who is older (KLIS-3): a strict order of priority, agent and session that never changes under a holder.</summary>
public abstract class SeniorityContract(IStoreKind kind) : ContractSuite(kind)
{
    [Theory]
    [InlineData("a", "s", "b", "s")]
    [InlineData("a", "z", "b", "a")]
    [InlineData("a", "s", "aa", "s")]
    [InlineData("B", "s", "a", "s")]
    [InlineData("z", "s", "é", "s")]
    [InlineData("\uFFFD", "s", "😀", "s")]
    [InlineData("x\uFFFD", "s", "x😀", "s")]
    [InlineData("a", "1", "a", "2")]
    [InlineData("a", "10", "a", "9")]
    [InlineData("a", "\uE000", "a", "\U0001F600")]
    public void Equal_priorities_are_settled_by_the_bytes_of_agent_then_session(
        string olderAgent, string olderSession, string youngerAgent, string youngerSession)
    {
        Klock.Register(olderAgent, 7);
        Klock.Register(youngerAgent, 7);
        string held = Klock.Acquire(youngerAgent, session: youngerSession).LeaseId;
        Assert.Equal("WAIT", Klock.Acquire(olderAgent, session: olderSession).Reason);
        Klock.Release(held);
        Klock.Acquire(olderAgent, session: olderSession);
        Assert.Equal("DIE", Klock.Acquire(youngerAgent, session: youngerSession).Reason);
    }

    [Fact]
    public void Priority_goes_before_names_up_to_its_highest_value()
    {
        Klock.Register("z", 0);
        Klock.Register("a", ulong.MaxValue);
        Klock.Acquire("a");
        Assert.Equal("WAIT", Klock.Acquire("z").Reason);
        Assert.Equal(["z=0", "a=18446744073709551615"], Klock.Agents());
    }

    [Fact]
    public void A_session_never_conflicts_with_itself_but_with_its_agents_other_sessions()
    {
        Assert.True(Klock.Acquire("a", session: "1").Success);
        Assert.True(Klock.Acquire("a", "DELETES", path: "src/**", session: "1").Success);
        Assert.Equal("DIE", Klock.Acquire("a", session: "2").Reason);
    }

    [Fact]
    public void The_first_acquire_registers_with_the_time_as_priority()
    {
        Klock.Acquire("a");
        Advance(5);
        Klock.Acquire("b", path: "other");
        Assert.Equal([$"a={Start}", $"b={Start + 5}"], Klock.Agents());
    }

    [Fact]
    public void The_first_acquire_registers_also_when_it_is_refused()
    {
        Klock.Acquire("a");
        Advance(5);
        Assert.Equal("DIE", Klock.Acquire("b").Reason);
        Advance(5);
        Assert.Equal("DIE", Klock.Acquire("b").Reason);
        Assert.Equal([$"a={Start}", $"b={Start + 5}"], Klock.Agents());
    }

    [Fact]
    public void A_holder_that_never_registered_blocks_like_any_other()
    {
        Klock.Acquire("nobody-knows-me");
        Klock.Register("old", 1);
        Assert.Equal("WAIT", Klock.Acquire("old").Reason);
        Advance(1);
        Assert.Equal("DIE", Klock.Acquire("stranger").Reason);
    }

    [Fact]
    public void Registering_says_agent_and_priority() =>
        Assert.Equal("{\"success\":true,\"data\":{\"agent_id\":\"a\",\"priority\":5}}", Klock.Register("a", 5).Text);

    [Fact]
    public void Registering_again_with_the_same_priority_changes_nothing_also_while_holding()
    {
        Klock.Register("a", 5);
        Klock.Acquire("a");
        Assert.True(Klock.Register("a", 5).Success);
        Assert.Equal(["a=5"], Klock.Agents());
    }

    [Fact]
    public void Another_priority_is_refused_while_any_session_holds_anything()
    {
        Klock.Register("a", 5);
        string first = Klock.Acquire("a", session: "1", path: "x").LeaseId;
        string second = Klock.Acquire("a", session: "2", path: "y").LeaseId;
        Assert.Equal("AGENT_BUSY", Klock.Register("a", 6).Code);
        Klock.Release(first);
        Answer busy = Klock.Register("a", 6);
        Assert.Equal("AGENT_BUSY", busy.Code);
        Assert.Contains("priority", busy.Error, StringComparison.Ordinal);
        Assert.Equal(["a=5"], Klock.Agents());
        Klock.Release(second);
        Assert.True(Klock.Register("a", 6).Success);
        Assert.Equal(["a=6"], Klock.Agents());
    }

    [Fact]
    public void An_agent_is_free_to_change_once_its_lease_has_run_out_or_was_revoked()
    {
        Klock.Register("a", 5);
        Klock.Acquire("a", ttl: 10);
        Advance(9);
        Assert.Equal("AGENT_BUSY", Klock.Register("a", 6).Code);
        Advance(1);
        Assert.True(Klock.Register("a", 6).Success);
        Klock.Revoke(Klock.Acquire("a").LeaseId);
        Assert.True(Klock.Register("a", 7).Success);
    }

    [Fact]
    public void A_refused_request_makes_nobody_busy()
    {
        Klock.Register("b", 5);
        Klock.Acquire("a");
        Klock.Acquire("b");
        Assert.True(Klock.Register("b", 6).Success);
    }

    [Fact]
    public void Agents_are_listed_oldest_first_in_the_order_of_seniority()
    {
        foreach ((string agent, ulong priority) in new[] { ("b", 1UL), ("😀", 0UL), ("\uFFFD", 0UL), ("z", 0UL), ("é", 0UL), ("a", 2UL) })
        {
            Klock.Register(agent, priority);
        }

        Assert.Equal(["z=0", "é=0", "\uFFFD=0", "😀=0", "b=1", "a=2"], Klock.Agents());
    }
}
