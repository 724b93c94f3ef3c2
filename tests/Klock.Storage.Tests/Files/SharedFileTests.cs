using Klock.Coordinator;
using Klock.Storage.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>Several stores on one file are one store: what one did, the others know with their next request.</summary>
public sealed class SharedFileTests : FileSuite
{
    [Fact]
    public void What_one_does_the_others_see_at_once()
    {
        StoreClient a = Open(), b = Open(), c = Open();
        Assert.True(a.Register("old", 1).Success);
        Answer held = b.Acquire("young", note: "mine");
        Assert.Equal("WAIT", a.Acquire("old").Reason);
        Assert.Equal(b.List().Text, c.List().Text);
        Assert.Equal("AGENT_BUSY", c.Register("young", 2).Code);
        Advance(10);
        Assert.Equal(Start + 60_010, c.Heartbeat(held.LeaseId).ExpiresAt);
        Assert.Equal(Start + 60_010, a.List().Data[0].GetProperty("expires_at").GetInt64());
        Assert.True(a.Release(held.LeaseId).Success);
        Assert.Equal("UNKNOWN_LEASE", b.Release(held.LeaseId).Code);
        Assert.True(c.Acquire("old").Token > held.Token);
        Assert.Equal("DIE", b.Acquire("young").Reason);
    }

    [Fact]
    public void What_ran_out_or_was_revoked_through_one_is_over_for_all()
    {
        StoreClient a = Open(), b = Open();
        string expired = a.Acquire("x", ttl: 5).LeaseId, revoked = a.Acquire("x").LeaseId;
        Advance(5);
        Assert.Equal(1, b.Evict().Data.GetProperty("evicted").GetInt32());
        Assert.Equal(0, a.Evict().Data.GetProperty("evicted").GetInt32());
        b.Revoke(revoked);
        Assert.Equal("EXPIRED", a.Heartbeat(expired).Code);
        Assert.Contains("revoked", a.Release(revoked).Error, StringComparison.Ordinal);
        Assert.True(a.Acquire("y").Success);
    }

    [Fact]
    public void A_lost_answer_may_be_asked_for_again_through_another()
    {
        Answer first = Open().Acquire("a", requestId: "r");
        Assert.Equal(first.Text, Open().Acquire("a", requestId: "r").Text);
        Assert.Equal([first.LeaseId], Open().ActiveIds());
    }

    [Fact]
    public void A_clock_that_is_behind_ends_no_lease_late_and_one_that_is_ahead_none_twice()
    {
        var behind = new FakeTimeProvider(Clock.GetUtcNow().AddMinutes(-5));
        StoreClient right = Open(), slow = Open(behind);
        string lease = right.Acquire("a", ttl: 1_000).LeaseId;
        Assert.Equal("DIE", slow.Acquire("b").Reason);
        Advance(1_000);
        Assert.True(right.Acquire("c", ttl: 1_000).Success);
        Assert.Equal("EXPIRED", slow.Heartbeat(lease).Code);
        Assert.Equal("WAIT", slow.Acquire("b").Reason);
        Answer late = slow.Acquire("b", path: "other", ttl: 1_000);
        Assert.Equal(Start + 2_000, late.ExpiresAt);
        Assert.Equal([late.LeaseId], right.ActiveIds(("agent_id", "b")));
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("session")]
    [InlineData("request")]
    public void Names_with_a_NUL_inside_stay_apart_or_are_refused(string part)
    {
        StoreClient a = Open(), b = Open();
        Answer Take(StoreClient client, string name) => part switch
        {
            "agent" => client.Acquire(name),
            "session" => client.Acquire("a", session: name),
            _ => client.Acquire("a", path: name[^1..], requestId: name),
        };
        Answer first = Take(a, "x\0y");
        if (first.Code is not null)
        {
            Assert.Equal("INVALID_REQUEST", first.Code);
            return;
        }

        // Another process that cuts the name at the NUL would take the two for one and let both in.
        Assert.Equal(a.List().Text, b.List().Text);
        Answer second = Take(b, "x\0z");
        Assert.True(part == "request" ? second.Success : second.Reason is "WAIT" or "DIE", second.Text);
        Assert.Equal(Open().List().Text, a.List().Text);
    }

    [Fact]
    public void A_lease_that_names_a_file_in_any_language_is_the_same_for_all()
    {
        StoreClient a = Open(), b = Open();
        a.Acquire("агент-😀", path: "src/é\u0301/文件.ts", session: "\uFFFD", note: "\u0001\u001F\"\\\u2028");
        Assert.Equal(a.List().Text, b.List().Text);
        Assert.Equal("\u0001\u001F\"\\\u2028", b.List().Data[0].GetProperty("note").GetString());
        Assert.Equal("DIE", b.Acquire("😀", path: "./src//é\u0301/文件.ts").Reason);
    }

    [Fact]
    public void Closing_one_leaves_the_others_alone()
    {
        LeaseCoordinator closed = OpenCoordinator();
        StoreClient other = Open();
        string lease = new StoreClient(closed).Acquire("a").LeaseId;
        closed.Dispose();
        Assert.Equal([lease], other.ActiveIds());
        Assert.True(other.Release(lease).Success);
    }
}
