using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;
using static Klock.Storage.Tests.Harness.Request;

namespace Klock.Storage.Tests.Contract;

/// <summary>A declared manifest is judged as if it were acquired, and leaves nothing behind (KLIS-5).</summary>
public abstract class DeclareContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void A_free_manifest_is_granted() =>
        Assert.Equal(
            "{\"success\":true,\"agent_id\":\"a\",\"session_id\":\"s\",\"status\":\"Granted\",\"reason\":null,\"held_by\":null,"
            + "\"conflicts\":[],\"retry_after_ms\":null}",
            Klock.Declare("a", "s", Intent("MUTATES", "src/a.ts"), Intent("PROVIDES", "src/b.ts")).Text);

    [Theory]
    [InlineData(1, "Wait")]
    [InlineData(9, "Die")]
    public void One_that_conflicts_is_told_so_flat(ulong priority, string status)
    {
        Klock.Register("holder", 5);
        string lease = Klock.Acquire("holder", ttl: 700).LeaseId;
        Klock.Register("a", priority);
        Answer judged = Klock.Declare("a", "s", Intent("CONSUMES", "src/a.ts"), Intent("MUTATES", "free"));
        Assert.Equal(
            "{\"success\":false,\"agent_id\":\"a\",\"session_id\":\"s\",\"status\":\"" + status + "\",\"reason\":"
            + judged.Field("reason").GetRawText() + ",\"held_by\":\"holder\",\"conflicts\":" + judged.Field("conflicts").GetRawText()
            + ",\"retry_after_ms\":700}",
            judged.Text);
        string conflict = Assert.Single(judged.Field("conflicts").EnumerateArray()).GetString()!;
        Assert.All((string[])["holder", "FILE:src/a.ts", "MUTATES"], part => Assert.Contains(part, conflict, StringComparison.Ordinal));
        Assert.Contains("holder", judged.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(lease, judged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_verdict_wins_and_the_oldest_holder_is_named()
    {
        Klock.Register("me", 5);
        Klock.Register("older", 1);
        Klock.Register("younger", 9);
        Klock.Acquire("younger", path: "x");
        object[] intents = [Intent("MUTATES", "x"), Intent("MUTATES", "y"), Intent("MUTATES", "z")];
        Assert.Equal("Wait", Klock.Declare("me", "s", intents).Field("status").GetString());
        Klock.Acquire("older", path: "y");
        Answer judged = Klock.Declare("me", "s", intents);
        Assert.Equal("Die", judged.Field("status").GetString());
        Assert.Equal("older", judged.Field("held_by").GetString());
        Assert.Equal(2, judged.Field("conflicts").GetArrayLength());
    }

    [Fact]
    public void It_leaves_nothing_behind_not_even_an_agent()
    {
        Klock.Declare("stranger", "s", Intent("DELETES", "**"));
        Assert.Empty(Klock.Agents());
        Assert.Empty(Klock.ActiveIds());
        string held = Klock.Acquire("a").LeaseId;
        Assert.Equal("Die", Klock.Declare("stranger", "s", Intent("DELETES", "**")).Field("status").GetString());
        Assert.Equal([$"a={Start}"], Klock.Agents());
        Assert.Equal([held], Klock.ActiveIds());
    }

    [Fact]
    public void A_stranger_is_judged_as_one_that_registers_now()
    {
        Klock.Register("later", Start + 10);
        Klock.Acquire("later");
        Assert.Equal("Wait", Klock.Declare("stranger", "s", Intent("MUTATES", "src/a.ts")).Field("status").GetString());
        Advance(11);
        Assert.Equal("Die", Klock.Declare("stranger", "s", Intent("MUTATES", "src/a.ts")).Field("status").GetString());
    }

    [Fact]
    public void Its_own_intents_and_its_own_leases_are_not_in_its_way_but_another_sessions_are()
    {
        Klock.Acquire("a");
        object[] intents = [Intent("DELETES", "src/a.ts"), Intent("MUTATES", "src/a.ts"), Intent("RENAMES", "src/**")];
        Assert.Equal("Granted", Klock.Declare("a", "s", intents).Field("status").GetString());
        Answer other = Klock.Declare("a", "t", intents);
        Assert.Equal("Die", other.Field("status").GetString());
        Assert.Equal(1, other.Field("conflicts").GetArrayLength());
    }

    [Fact]
    public void A_lease_that_has_run_out_is_not_in_the_way()
    {
        Klock.Acquire("a", ttl: 10);
        Advance(10);
        Assert.Equal("Granted", Klock.Declare("b", "s", Intent("MUTATES", "src/a.ts")).Field("status").GetString());
    }

    [Fact]
    public void An_intent_may_carry_a_confidence_and_a_time()
    {
        const string Manifest = """
            {"agent_id":"a","session_id":"s","intents":[
              {"predicate":"mutates","resource_type":"file","resource_path":"x","confidence":"High","timestamp":1800000000000},
              {"predicate":"Consumes","resource_type":"Custom","resource_path":"y","confidence":"low"}]}
            """;
        Assert.True(Klock.Ask(Operation.DeclareIntents, Manifest).Success);
    }
}
