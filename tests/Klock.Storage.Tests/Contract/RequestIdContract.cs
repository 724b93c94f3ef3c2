using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>A request that is repeated because its answer was lost gets the lease it already got.</summary>
public abstract class RequestIdContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void A_repeated_request_is_answered_with_the_same_lease()
    {
        Answer first = Klock.Acquire("a", requestId: "r");
        Advance(10);
        Assert.Equal(first.Text, Klock.Acquire("a", requestId: "r").Text);
        Assert.Equal([first.LeaseId], Klock.ActiveIds());
    }

    [Fact]
    public void A_repeated_request_shows_what_a_heartbeat_has_changed()
    {
        Answer first = Klock.Acquire("a", requestId: "r");
        Advance(10);
        Klock.Heartbeat(first.LeaseId);
        Answer again = Klock.Acquire("a", requestId: "r");
        Assert.Equal(first.LeaseId, again.LeaseId);
        Assert.Equal(first.Token, again.Token);
        Assert.Equal(Now + 60_000, again.ExpiresAt);
    }

    [Fact]
    public void The_same_id_in_another_session_or_of_another_agent_is_another_request()
    {
        string[] leases =
        [
            Klock.Acquire("a", "CONSUMES", session: "1", requestId: "r").LeaseId,
            Klock.Acquire("a", "CONSUMES", session: "2", requestId: "r").LeaseId,
            Klock.Acquire("b", "CONSUMES", session: "1", requestId: "r").LeaseId,
        ];
        Assert.Equal(leases, Klock.ActiveIds());
        Assert.Equal(3, leases.Distinct().Count());
    }

    [Theory]
    [InlineData("release")]
    [InlineData("revoke")]
    [InlineData("expire")]
    public void Once_the_lease_has_ended_the_id_asks_anew(string end)
    {
        string first = Klock.Acquire("a", requestId: "r", ttl: 100).LeaseId;
        _ = end switch { "release" => Klock.Release(first), "revoke" => Klock.Revoke(first), _ => Klock.List() };
        Advance(100);
        string second = Klock.Acquire("a", requestId: "r").LeaseId;
        Assert.NotEqual(first, second);
        Assert.Equal([second], Klock.ActiveIds());
    }

    [Fact]
    public void A_refused_request_may_be_repeated_until_it_is_granted()
    {
        string held = Klock.Acquire("a").LeaseId;
        Assert.False(Klock.Acquire("b", requestId: "r").Success);
        Klock.Release(held);
        Answer granted = Klock.Acquire("b", requestId: "r");
        Assert.True(granted.Success);
        Assert.Equal(granted.Text, Klock.Acquire("b", requestId: "r").Text);
    }

    [Theory]
    [InlineData("MUTATES", "other.ts")]
    [InlineData("CONSUMES", "src/a.ts")]
    public void An_id_that_is_used_for_something_else_is_an_error_and_takes_nothing(string predicate, string path)
    {
        string first = Klock.Acquire("a", requestId: "r").LeaseId;
        Answer answer = Klock.Acquire("a", predicate, path, requestId: "r");
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.Contains("request_id", answer.Error, StringComparison.Ordinal);
        Assert.Equal([first], Klock.ActiveIds());
    }

    [Fact]
    public void A_wait_that_is_asked_for_twice_gets_one_lease_and_two_answers()
    {
        Klock.Register("old", 1);
        string held = Klock.Acquire("young").LeaseId;
        Waiting first = Klock.Wait("old", requestId: "r"), again = Klock.Wait("old", requestId: "r");
        Klock.Release(held);
        string granted = first.Answered().LeaseId;
        Assert.Equal(granted, again.Answered().LeaseId);
        Assert.Equal(granted, Klock.Acquire("old", requestId: "r").LeaseId);
        Assert.Equal([granted], Klock.ActiveIds());
    }

    [Fact]
    public void A_parked_wait_that_is_asked_for_twice_gets_one_lease_too()
    {
        string held = Klock.Acquire("a").LeaseId;
        Waiting first = Klock.Wait("b", requestId: "r"), again = Klock.Wait("b", requestId: "r");
        Klock.Release(held);
        Assert.Equal(first.Answered().LeaseId, again.Answered().LeaseId);
        Assert.Single(Klock.ActiveIds());
    }

    [Fact]
    public void The_id_of_a_wait_cannot_be_used_for_something_else_meanwhile()
    {
        Klock.Acquire("a");
        Waiting waits = Klock.Wait("b", requestId: "r");
        Assert.Equal("INVALID_REQUEST", Klock.Acquire("b", path: "other", requestId: "r").Code);
        Assert.Null(waits.Look());
        waits.Cancel();
        Assert.True(Klock.Acquire("b", path: "other", requestId: "r").Success);
    }

    [Fact]
    public void Another_spelling_of_the_same_path_is_the_same_request()
    {
        string first = Klock.Acquire("a", requestId: "r").LeaseId;
        Assert.Equal(first, Klock.Acquire("a", "mutates", "./src//a.ts", requestId: "r").LeaseId);
    }
}
