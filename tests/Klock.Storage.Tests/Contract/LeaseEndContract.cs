using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>How leases are renewed and how they end (KLIS-4).</summary>
public abstract class LeaseEndContract(IStoreKind kind) : ContractSuite(kind)
{
    private const string Unknown = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Heartbeat_release_revoke_and_evict_say_what_they_did()
    {
        const string First = "00000000000000000000000000000001", Second = "00000000000000000000000000000002";
        Klock.Acquire("a", ttl: 100);
        Klock.Acquire("a", path: "b", ttl: 100);
        Klock.Acquire("a", path: "c", ttl: 1);
        Advance(40);
        Assert.Equal("{\"success\":true,\"data\":{\"evicted\":1}}", Klock.Evict().Text);
        Assert.Equal(
            "{\"success\":true,\"data\":{\"renewed\":true,\"lease_id\":\"" + First + "\",\"expires_at\":1800000000140}}",
            Klock.Heartbeat(First).Text);
        Assert.Equal("{\"success\":true,\"data\":{\"released\":true,\"lease_id\":\"" + First + "\"}}", Klock.Release(First).Text);
        Assert.Equal("{\"success\":true,\"data\":{\"revoked\":true,\"lease_id\":\"" + Second + "\"}}", Klock.Revoke(Second).Text);
        Assert.Equal("{\"success\":true,\"data\":[]}", Klock.List().Text);
    }

    [Fact]
    public void A_lease_is_over_at_the_very_millisecond_it_runs_out()
    {
        string lease = Klock.Acquire("a", ttl: 100).LeaseId;
        Advance(99);
        Assert.Equal("DIE", Klock.Acquire("b").Reason);
        Assert.Equal([lease], Klock.ActiveIds());
        Advance(1);
        Assert.Empty(Klock.ActiveIds());
        Assert.True(Klock.Acquire("b").Success);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_late_holder_is_told_that_its_lease_ran_out_swept_or_not(bool swept)
    {
        string lease = Klock.Acquire("a", ttl: 100).LeaseId;
        Advance(100);
        if (swept)
        {
            Klock.Evict();
        }

        Assert.Equal("EXPIRED", Klock.Heartbeat(lease).Code);
        Assert.Equal("EXPIRED", Klock.Release(lease).Code);
        Assert.Equal("EXPIRED", Klock.Heartbeat(lease).Code);
        Assert.True(Klock.Acquire("b").Success);
    }

    [Fact]
    public void A_heartbeat_with_a_ttl_says_how_long_the_lease_lasts_from_then_on()
    {
        string lease = Klock.Acquire("a", ttl: 100).LeaseId;
        Assert.Equal(Now + 5_000, Renew(lease, 5_000).ExpiresAt);
        Advance(4_999);
        Assert.Equal(Now + 5_000, Klock.Heartbeat(lease).ExpiresAt);
        Assert.Equal(5_000, Klock.Get(lease).Data.GetProperty("ttl").GetInt64());
        Assert.Equal(Now, Klock.Get(lease).Data.GetProperty("last_heartbeat").GetInt64());
        Assert.Equal(Now + 20, Renew(lease, 20).ExpiresAt);
        Advance(10);
        Klock.RenewSession("a");
        Advance(10);
        Assert.Equal([lease], Klock.ActiveIds());
        Advance(10);
        Assert.Equal("EXPIRED", Renew(lease, 5_000).Code);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("86400001")]
    [InlineData("\"1s\"")]
    [InlineData("1.5")]
    public void A_heartbeat_with_a_ttl_that_is_none_changes_nothing(string ttl)
    {
        Answer held = Klock.Acquire("a", ttl: 100);
        Advance(50);
        Answer answer = Klock.Ask(Operation.Heartbeat, Request.Of(("lease_id", held.LeaseId), ("ttl", Request.Raw(ttl))).ToString());
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.Contains("an integer from 1 to 86400000 (ms)", answer.Error, StringComparison.Ordinal);
        Assert.Equal(held.ExpiresAt, Klock.Get(held.LeaseId).Data.GetProperty("expires_at").GetInt64());
    }

    [Fact]
    public void A_late_heartbeat_takes_nothing_from_the_next_holder()
    {
        string late = Klock.Acquire("a", ttl: 100).LeaseId;
        Advance(100);
        string next = Klock.Acquire("b").LeaseId;
        Assert.Equal("EXPIRED", Klock.Heartbeat(late).Code);
        Assert.Equal("EXPIRED", Klock.Release(late).Code);
        Assert.Equal([next], Klock.ActiveIds());
    }

    [Fact]
    public void A_heartbeat_gives_the_whole_ttl_from_now()
    {
        string lease = Klock.Acquire("a", ttl: 100).LeaseId;
        for (int i = 1; i <= 5; i++)
        {
            Advance(99);
            Assert.Equal(Now + 100, Klock.Heartbeat(lease).ExpiresAt);
        }

        Advance(99);
        Assert.Equal("DIE", Klock.Acquire("b").Reason);
        Advance(1);
        Assert.True(Klock.Acquire("b").Success);
    }

    [Fact]
    public void A_released_or_revoked_lease_is_unknown_and_says_so_in_its_own_way()
    {
        string released = Klock.Acquire("a").LeaseId, revoked = Klock.Acquire("a").LeaseId;
        Klock.Release(released);
        Klock.Revoke(revoked);
        Assert.Equal("UNKNOWN_LEASE", Klock.Release(released).Code);
        Assert.Equal("UNKNOWN_LEASE", Klock.Heartbeat(released).Code);
        Assert.Equal("UNKNOWN_LEASE", Klock.Revoke(released).Code);
        Assert.Equal("UNKNOWN_LEASE", Klock.Heartbeat(revoked).Code);
        Assert.Contains("revoked", Klock.Release(revoked).Error, StringComparison.Ordinal);
        Assert.Empty(Klock.ActiveIds());
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("00000000000000000000000000000001 ")]
    [InlineData("0x000000000000000000000000000001")]
    [InlineData("+0000000000000000000000000000001")]
    [InlineData("FILE:src/a.ts")]
    public void Any_other_text_is_an_unknown_lease(string text)
    {
        Klock.Acquire("a");
        Assert.All(
            new[] { Klock.Heartbeat(text), Klock.Release(text), Klock.Revoke(text) },
            answer => Assert.Equal("UNKNOWN_LEASE", answer.Code));
        Assert.Single(Klock.ActiveIds());
    }

    [Fact]
    public void An_ended_lease_is_forgotten_in_the_end()
    {
        string lease = Klock.Acquire("a", ttl: 1).LeaseId;
        Advance(1);
        Klock.Evict();
        Assert.Equal("EXPIRED", Klock.Heartbeat(lease).Code);
        Advance(48 * 60 * 60 * 1_000L);
        Klock.Acquire("a", ttl: 1);
        Advance(1);
        Klock.Evict();
        Assert.Equal("UNKNOWN_LEASE", Klock.Heartbeat(lease).Code);
    }

    [Fact]
    public void Evict_clears_all_that_has_run_out_and_counts_it()
    {
        for (int i = 0; i < 10; i++)
        {
            Klock.Acquire("a", path: $"{i}", ttl: 100 + i);
        }

        Advance(104);
        Assert.Equal(5, Klock.Evict().Data.GetProperty("evicted").GetInt32());
        Assert.Equal(0, Klock.Evict().Data.GetProperty("evicted").GetInt32());
        Assert.Equal(5, Klock.ActiveIds().Length);
    }

    [Fact]
    public void Leases_that_run_out_free_everything_they_covered()
    {
        Klock.Acquire("a", "DELETES", path: "**", ttl: 50);
        Klock.Acquire("a", path: "src/a.ts#f", type: "SYMBOL", ttl: 60);
        Advance(50);
        Assert.True(Klock.Acquire("b", path: "lib/x").Success);
        Assert.Equal("DIE", Klock.Acquire("b", path: "src/**").Reason);
        Advance(10);
        Assert.True(Klock.Acquire("b", path: "src/**").Success);
    }

    private Answer Renew(string lease, long ttl) =>
        Klock.Ask(Operation.Heartbeat, Request.Of(("lease_id", lease), ("ttl", ttl)).ToString());
}
