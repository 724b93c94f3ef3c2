using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>KLIS-11: a lease's predicate is changed in place.</summary>
public abstract class ChangeContract(IStoreKind kind) : ContractSuite(kind)
{
    [Theory]
    [InlineData("MUTATES", "CONSUMES")]
    [InlineData("CONSUMES", "MUTATES")]
    [InlineData("PROVIDES", "PROVIDES")]
    public void It_keeps_its_id_and_gets_a_new_token_and_a_full_ttl(string before, string after)
    {
        Answer held = Klock.Acquire("a", before, note: "n");
        Advance(10);
        Answer changed = Klock.Change(held.LeaseId, after);
        Assert.Equal((held.LeaseId, Now + 60_000), (changed.LeaseId, changed.ExpiresAt));
        Assert.Equal(after, changed.Data.GetProperty("predicate").GetString());
        Assert.True(changed.Token > held.Token);
        Assert.Equal(Start, changed.Data.GetProperty("acquired_at").GetInt64());
        Assert.Equal(changed.Token, Klock.List().Data[0].GetProperty("fencing_token").GetInt64());
        Assert.Equal("n", Klock.List().Data[0].GetProperty("note").GetString());
    }

    [Fact]
    public void From_then_on_others_are_judged_by_the_new_predicate()
    {
        string held = Klock.Acquire("a", "CONSUMES").LeaseId;
        Klock.Change(held, "MUTATES");
        Assert.False(Klock.Acquire("b", "CONSUMES").Success);
        Klock.Change(held, "CONSUMES");
        Assert.True(Klock.Acquire("b", "CONSUMES").Success);
    }

    [Fact]
    public void A_change_that_is_refused_leaves_the_lease_as_it_was()
    {
        Klock.Register("old", 1);
        Klock.Register("young", 2);
        string old = Klock.Acquire("old", "CONSUMES").LeaseId, young = Klock.Acquire("young", "CONSUMES").LeaseId;
        string before = Klock.List().Text;
        Advance(10);
        Assert.Equal("WAIT", Klock.Change(old, "MUTATES").Reason);
        Assert.Equal("DIE", Klock.Change(young, "MUTATES").Reason);
        Assert.Equal("DIE", Klock.Ask(Operation.ChangeLease, Up(young).ToString()).Reason);
        Assert.Equal(before, Klock.List().Text);
    }

    [Fact]
    public void A_change_that_waits_is_made_when_the_others_have_let_go()
    {
        (Waiting waits, string changing, string other) = Wait();
        Assert.Equal("CONSUMES", Klock.List(("agent_id", "old")).Data[0].GetProperty("predicate").GetString());
        Assert.Equal("DIE", Klock.Acquire("z", "CONSUMES").Reason);
        Klock.Release(other);
        Assert.Equal(changing, waits.Answered().LeaseId);
        Assert.Equal("MUTATES", Klock.List(("agent_id", "old")).Data[0].GetProperty("predicate").GetString());
    }

    [Fact]
    public void At_most_one_change_of_a_lease_waits()
    {
        (Waiting waits, string changing, string other) = Wait();
        Answer second = Klock.Ask(Operation.ChangeLease, Up(changing).ToString());
        Assert.Equal("INVALID_REQUEST", second.Code);
        Assert.StartsWith("lease_id ", second.Error, StringComparison.Ordinal);
        Klock.Release(other);
        Assert.True(waits.Answered().Success);
    }

    [Theory]
    [InlineData("release", "UNKNOWN_LEASE")]
    [InlineData("revoke", "UNKNOWN_LEASE")]
    [InlineData("expiry", "EXPIRED")]
    public void It_ends_with_its_lease_which_waiting_does_not_renew(string end, string code)
    {
        (Waiting waits, string changing, string other) = Wait();
        switch (end)
        {
            case "release": Klock.Release(changing); break;
            case "revoke": Klock.Revoke(changing); break;
            default:
                Pass(59_999, waits);
                Assert.Null(waits.Look());
                Klock.Heartbeat(other);
                Advance(1);
                break;
        }

        Assert.Equal(code, waits.Answered().Code);
        Assert.True(Klock.Acquire("z", "CONSUMES").Success);
    }

    [Fact]
    public void When_its_time_is_up_the_lease_is_still_held()
    {
        (Waiting waits, string changing, _) = Wait(waitMs: 50);
        Advance(50);
        Assert.Equal("WAIT_TIMEOUT", waits.Answered().Reason);
        Assert.True(Klock.Heartbeat(changing).Success);
        Assert.True(Klock.Acquire("z", "CONSUMES").Success);
    }

    [Fact]
    public void A_lease_that_is_not_there_cannot_be_changed()
    {
        string expired = Klock.Acquire("a", ttl: 5).LeaseId, released = Klock.Acquire("a").LeaseId;
        Klock.Release(released);
        Advance(5);
        Assert.Equal("EXPIRED", Klock.Change(expired, "CONSUMES").Code);
        Assert.Equal("UNKNOWN_LEASE", Klock.Change(released, "CONSUMES").Code);
        Assert.Equal("UNKNOWN_LEASE", Klock.Change("no id", "CONSUMES").Code);
    }

    private static Request Up(string lease) => Request.Of(("lease_id", lease), ("predicate", "MUTATES"), ("wait_ms", 3_600_000));

    private (Waiting Waits, string Changing, string Other) Wait(long waitMs = 3_600_000)
    {
        Klock.Register("old", 1);
        Klock.Register("young", 2);
        string changing = Klock.Acquire("old", "CONSUMES").LeaseId, other = Klock.Acquire("young", "CONSUMES").LeaseId;
        return (Klock.Begin(Operation.ChangeLease, Up(changing).With("wait_ms", waitMs)), changing, other);
    }
}
