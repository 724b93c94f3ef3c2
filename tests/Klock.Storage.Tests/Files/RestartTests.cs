using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>What was answered is in the file: it is there again when every process was gone in between.</summary>
public sealed class RestartTests : FileSuite
{
    [Fact]
    public void Leases_come_back_with_all_their_fields()
    {
        StoreClient before = Open();
        before.Register("old", 0);
        before.Register("last", ulong.MaxValue);
        before.Acquire("old", "CONSUMES", "src/**", session: "1", note: "reading", requestId: "r");
        before.Acquire("last", "DEPENDS_ON", "src/a.ts#f", "SYMBOL", ttl: 86_400_000);
        string renewed = before.Acquire("x", "RENAMES", "deploy:staging", "CUSTOM").LeaseId;
        Advance(5);
        before.Heartbeat(renewed);
        string list = before.List().Text;
        string[] agents = before.Agents();
        CloseAll();
        StoreClient after = Open();
        Assert.Equal(list, after.List().Text);
        Assert.Equal(agents, after.Agents());
        Assert.Equal("old=0", agents[0]);
        Assert.Contains("last=18446744073709551615", agents);
    }

    [Fact]
    public void Verdicts_and_rights_are_the_same_after_a_restart()
    {
        StoreClient before = Open();
        before.Register("old", 1);
        string lease = before.Acquire("young", requestId: "r").LeaseId;
        CloseAll();
        StoreClient after = Open();
        Assert.Equal("WAIT", after.Acquire("old").Reason);
        Assert.Equal("DIE", after.Acquire("z").Reason);
        Assert.Equal("DIE", after.Acquire("young", session: "t").Reason);
        Assert.Equal(lease, after.Acquire("young", requestId: "r").LeaseId);
        Assert.Equal("AGENT_BUSY", after.Register("young", 7).Code);
        Assert.True(after.Heartbeat(lease).Success);
        Assert.True(after.Release(lease).Success);
        Assert.True(after.Acquire("old").Success);
    }

    [Fact]
    public void A_refusal_is_told_although_nothing_happened_after_it()
    {
        StoreClient before = Open();
        before.Register("young", 2);
        before.Register("old", 1);
        before.Acquire("old");
        before.Acquire("young");
        CloseAll();
        Assert.Equal("REFUSED", Open().Events()[^1].GetProperty("kind").GetString());
    }

    [Fact]
    public void What_was_released_or_revoked_stays_so()
    {
        StoreClient before = Open();
        string released = before.Acquire("a").LeaseId, revoked = before.Acquire("a").LeaseId, expired = before.Acquire("a", ttl: 5).LeaseId;
        before.Release(released);
        before.Revoke(revoked);
        Advance(5);
        before.Evict();
        CloseAll();
        StoreClient after = Open();
        Assert.Empty(after.ActiveIds());
        Assert.Equal("UNKNOWN_LEASE", after.Heartbeat(released).Code);
        Assert.Contains("revoked", after.Heartbeat(revoked).Error, StringComparison.Ordinal);
        Assert.Equal("EXPIRED", after.Heartbeat(expired).Code);
    }

    [Fact]
    public void A_lease_that_ran_out_while_nobody_was_there_is_over()
    {
        string lease = Open().Acquire("a", ttl: 1_000).LeaseId;
        CloseAll();
        Advance(1_000);
        StoreClient after = Open();
        Assert.Equal("EXPIRED", after.Heartbeat(lease).Code);
        Assert.True(after.Acquire("b").Success);
    }

    [Fact]
    public void A_lease_outlives_a_restart_until_its_time()
    {
        Open().Acquire("a", ttl: 1_000);
        CloseAll();
        Advance(999);
        Assert.Equal("DIE", Open().Acquire("b").Reason);
        Advance(1);
        Assert.True(Open().Acquire("b").Success);
    }

    [Fact]
    public void Tokens_rise_over_restarts_also_when_the_clock_went_back()
    {
        long last = 0;
        for (int round = 0; round < 4; round++)
        {
            StoreClient client = Open(new FakeTimeProvider(Clock.GetUtcNow().AddDays(-round)));
            for (int i = 0; i < 3; i++)
            {
                Answer granted = client.Acquire("a", "CONSUMES");
                Assert.InRange(granted.Token, last + 1, last == 0 ? long.MaxValue : last + 100);
                last = granted.Token;
            }

            CloseAll();
        }

        Assert.Equal(12, Open().ActiveIds().Length);
    }

    [Fact]
    public void A_store_that_is_made_again_goes_on_above_the_old_tokens()
    {
        long last = Open().Acquire("a").Token;
        CloseAll();
        Directory.Delete(Folder.Path, recursive: true);
        Directory.CreateDirectory(Folder.Path);
        Advance(50);
        Assert.True(Open().Acquire("a").Token > last);
    }

    [Fact]
    public void A_repeated_manifest_is_answered_in_its_order_also_when_one_of_its_leases_was_changed_before()
    {
        string asked = Request.Declare("a", "s", Request.Intent("CONSUMES", "one"), Request.Intent("CONSUMES", "two"))
            .With("ttl", 60_000).With("request_id", "r").ToString();
        StoreClient client = Open();
        string[] leases = LeaseIds(client.Ask(Operation.AcquireAll, asked));
        client.Change(leases[0], "MUTATES");
        client.Change(leases[0], "CONSUMES");
        Assert.Equal(leases, LeaseIds(client.Ask(Operation.AcquireAll, asked)));
        CloseAll();
        Assert.Equal(leases, LeaseIds(Open().Ask(Operation.AcquireAll, asked)));
    }

    private static string[] LeaseIds(Answer granted) =>
        [.. granted.Data.GetProperty("leases").EnumerateArray().Select(lease => lease.GetProperty("lease_id").GetString()!)];
}
