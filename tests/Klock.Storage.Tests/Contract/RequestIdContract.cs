using Klock.Coordinator.Protocol;
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
        Assert.Equal(first.Text, Klock.Acquire("a", requestId: "r").Text);
        Assert.Equal([first.LeaseId], Klock.ActiveIds());
    }

    [Fact]
    public void A_repeated_request_renews_its_lease_since_its_holder_counts_from_when_it_sent()
    {
        Answer first = Klock.Acquire("a", requestId: "r", ttl: 100);
        Advance(99);
        Answer again = Klock.Acquire("a", requestId: "r", ttl: 5_000);
        Assert.Equal((first.LeaseId, first.Token, Now + 100), (again.LeaseId, again.Token, again.ExpiresAt));
        Advance(99);
        Assert.True(Klock.Heartbeat(first.LeaseId).Success);
    }

    [Fact]
    public void A_repeated_manifest_renews_all_of_its_leases()
    {
        string request = Request.Declare("a", "s", Request.Intent("MUTATES", "x"), Request.Intent("CONSUMES", "y"))
            .With("ttl", 100).With("request_id", "r").ToString();
        string[] leases = Leases(Klock.Ask(Operation.AcquireAll, request));
        Advance(99);
        Assert.Equal(leases, Leases(Klock.Ask(Operation.AcquireAll, request)));
        Advance(99);
        Assert.Equal(leases, Klock.ActiveIds());
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

    /// <summary>Every way in which a second caller gets a lease, whichever of the two then goes away.</summary>
    [Theory]
    [InlineData(true, "at once")]
    [InlineData(true, "in a wait of its own")]
    [InlineData(false, "in a wait of its own")]
    public void What_was_granted_is_not_taken_back_because_one_of_its_callers_went_away(bool firstGoes, string second)
    {
        Klock.Register("old", 1);
        string held = Klock.Acquire("young").LeaseId;
        Waiting first = Klock.Wait("old", requestId: "r");
        Waiting? again = second == "at once" ? null : Klock.Wait("old", requestId: "r");
        Klock.Release(held);
        string granted = again is null ? Klock.Acquire("old", requestId: "r").LeaseId : first.Answered().LeaseId;
        (firstGoes ? first : again!).Cancel();
        Assert.Equal([granted], Klock.ActiveIds());
        Assert.True(Klock.Heartbeat(granted).Success);
        Assert.Equal(granted, (firstGoes ? again : first)?.Answered().LeaseId ?? granted);
    }

    [Fact]
    public void Nor_is_any_lease_of_a_manifest()
    {
        string held = Klock.Acquire("holder", path: "x").LeaseId;
        Request request = Request.Declare("a", "s", Request.Intent("MUTATES", "x"), Request.Intent("CONSUMES", "y"))
            .With("ttl", 60_000).With("wait_ms", 60_000).With("request_id", "r");
        Waiting first = Klock.Begin(Operation.AcquireAll, request), again = Klock.Begin(Operation.AcquireAll, request);
        Klock.Release(held);
        first.Cancel();
        Assert.Equal(Leases(again.Answered()), Klock.ActiveIds());
    }

    [Fact]
    public void Whoever_waits_on_is_granted_after_another_caller_went_away_before_the_grant()
    {
        string held = Klock.Acquire("a").LeaseId;
        Waiting first = Klock.Wait("b", requestId: "r"), again = Klock.Wait("b", requestId: "r");
        first.Cancel();
        Klock.Release(held);
        Assert.Equal([again.Answered().LeaseId], Klock.ActiveIds());
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

    private static string[] Leases(Answer answer) =>
        [.. answer.Data.GetProperty("leases").EnumerateArray().Select(lease => lease.GetProperty("lease_id").GetString()!)];
}
