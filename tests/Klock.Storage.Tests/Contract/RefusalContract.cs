using System.Text.Json;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>What a refusal says: the verdict, how long to pause, and who is in the way, but never a lease id.</summary>
public abstract class RefusalContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void Younger_than_the_holder_means_DIE()
    {
        Klock.Register("old", 1);
        Klock.Register("young", 2);
        Klock.Acquire("old", note: "a \"note\"");
        Advance(5_000);
        Answer refused = Klock.Acquire("young", "CONSUMES", session: "t");
        Assert.Equal(
            "{\"success\":false,\"reason\":\"DIE\",\"wait_time\":1000,\"message\":" + refused.Field("message").GetRawText()
            + ",\"conflicts\":[{\"agent_id\":\"old\",\"session_id\":\"s\",\"resource\":\"FILE:src/a.ts\",\"predicate\":\"MUTATES\","
            + "\"state\":\"held\",\"expires_at\":1800000060000,\"note\":\"a \\\"note\\\"\"}],\"conflicts_total\":1}",
            refused.Text);
    }

    [Fact]
    public void Older_than_the_holder_means_WAIT()
    {
        Klock.Register("old", 1);
        Klock.Register("young", 2);
        Klock.Acquire("young", "CONSUMES", path: "src/**");
        Answer refused = Klock.Acquire("old", "DELETES");
        Assert.Equal(
            "{\"success\":false,\"reason\":\"WAIT\",\"wait_time\":1000,\"message\":" + refused.Field("message").GetRawText()
            + ",\"conflicts\":[{\"agent_id\":\"young\",\"session_id\":\"s\",\"resource\":\"FILE:src/**\",\"predicate\":\"CONSUMES\","
            + "\"state\":\"held\",\"expires_at\":1800000060000,\"note\":null}],\"conflicts_total\":1}",
            refused.Text);
    }

    [Theory]
    [InlineData(0, "WAIT")]
    [InlineData(15, "DIE")]
    [InlineData(99, "DIE")]
    public void Only_who_is_older_than_every_holder_may_wait(ulong priority, string verdict)
    {
        foreach (ulong holder in (ulong[])[20, 10, 30])
        {
            Klock.Register($"holder-{holder}", holder);
            Klock.Acquire($"holder-{holder}", "CONSUMES");
        }

        Klock.Register("me", priority);
        Answer refused = Klock.Acquire("me");
        Assert.Equal(verdict, refused.Reason);
        Assert.Equal(["holder-10", "holder-20", "holder-30"], Holders(refused));
    }

    [Theory]
    [InlineData(60_000, 0, 1_000)]
    [InlineData(1_001, 0, 1_000)]
    [InlineData(1_000, 0, 1_000)]
    [InlineData(999, 0, 999)]
    [InlineData(1_500, 1_499, 1)]
    public void The_pause_lasts_until_the_lease_runs_out_but_a_second_at_most(long ttl, long later, long pause)
    {
        Klock.Acquire("a", ttl: ttl);
        Advance(later);
        Assert.Equal(pause, Klock.Acquire("b").Field("wait_time").GetInt64());
    }

    [Fact]
    public void Of_several_in_the_way_the_first_to_run_out_counts_listed_or_not()
    {
        for (int i = 0; i < 20; i++)
        {
            Klock.Register($"h{i:00}", (ulong)i);
            Klock.Acquire($"h{i:00}", "CONSUMES", ttl: i == 19 ? 250 : 60_000);
        }

        Assert.Equal(250, Klock.Acquire("z").Field("wait_time").GetInt64());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    public void At_most_sixteen_are_listed_the_oldest_first_and_all_are_counted(int holders)
    {
        // Taken in an order that is not the order of seniority.
        foreach (int i in Enumerable.Range(0, holders).Select(i => (i * 23) % 41))
        {
            Klock.Register($"h{i:00}", (ulong)i);
            Assert.True(Klock.Acquire($"h{i:00}", "CONSUMES").Success);
        }

        Answer refused = Klock.Acquire("late");
        Assert.Equal(holders, refused.Field("conflicts_total").GetInt32());
        string[] listed = Holders(refused);
        Assert.Equal(Math.Min(16, holders), listed.Length);
        string[] all = [.. Klock.Agents().Where(agent => agent[0] == 'h').Select(agent => agent[..3]).Order(StringComparer.Ordinal)];
        Assert.Equal(all.Take(16), listed);
    }

    [Fact]
    public void A_holder_with_two_leases_in_the_way_is_listed_with_both()
    {
        Klock.Acquire("a", "CONSUMES", path: "src/a.ts");
        Klock.Acquire("a", "MUTATES", path: "f", type: "SYMBOL", session: "t");
        Klock.Acquire("a", "MUTATES", path: "src/a.ts#f", type: "SYMBOL");
        Answer refused = Klock.Acquire("b", "RENAMES");
        Assert.Equal(2, refused.Field("conflicts_total").GetInt32());
        Assert.Equal(
            ["FILE:src/a.ts", "SYMBOL:src/a.ts#f"],
            refused.Field("conflicts").EnumerateArray().Select(conflict => conflict.GetProperty("resource").GetString()));
    }

    [Fact]
    public void The_message_names_holder_resource_purpose_and_note_but_no_lease_id()
    {
        string leaseId = Klock.Acquire("holder-1", "RENAMES", session: "session-1", note: "moving house").LeaseId;
        Answer refused = Klock.Acquire("b");
        string message = refused.Field("message").GetString()!;
        Assert.All(
            (string[])["holder-1", "session-1", "FILE:src/a.ts", "RENAMES", "moving house"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain(leaseId, refused.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_refusal_leaves_no_lease_behind()
    {
        string held = Klock.Acquire("a").LeaseId;
        Klock.Acquire("b");
        Klock.Acquire("c", path: "src/**");
        Assert.Equal([held], Klock.ActiveIds());
        Klock.Release(held);
        Assert.True(Klock.Acquire("d").Success);
    }

    private static string[] Holders(Answer refused) =>
        [.. refused.Field("conflicts").EnumerateArray().Select((JsonElement conflict) => conflict.GetProperty("agent_id").GetString()!)];
}
