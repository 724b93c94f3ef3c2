using System.Text.Json;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>What a grant says, and that every grant is a lease of its own.</summary>
public abstract class GrantContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void A_grant_says_all_there_is_to_know_of_the_lease()
    {
        Answer granted = Klock.Acquire("a", note: "because");
        Assert.Equal(
            "{\"success\":true,\"data\":{\"lease_id\":\"00000000000000000000000000000001\",\"agent_id\":\"a\",\"session_id\":\"s\","
            + "\"resource\":\"FILE:src/a.ts\",\"predicate\":\"MUTATES\",\"acquired_at\":1800000000000,\"ttl\":60000,"
            + $"\"expires_at\":1800000060000,\"fencing_token\":{granted.Token}}}}}",
            granted.Text);
    }

    [Fact]
    public void A_new_store_counts_from_the_wall_clock_in_microseconds() =>
        Assert.InRange(Klock.Acquire("a").Token, (Start * 1_000) + 1, (Start * 1_000) + 1_000);

    [Theory]
    [InlineData("provides", "PROVIDES")]
    [InlineData("Consumes", "CONSUMES")]
    [InlineData("mUtAtEs", "MUTATES")]
    [InlineData("DELETES", "DELETES")]
    [InlineData("depends_ON", "DEPENDS_ON")]
    [InlineData("renames", "RENAMES")]
    public void A_predicate_is_read_in_any_case_and_written_in_capitals(string read, string written) =>
        Assert.Equal(written, Klock.Acquire("a", read).Data.GetProperty("predicate").GetString());

    [Theory]
    [InlineData("file", "FILE")]
    [InlineData("Symbol", "SYMBOL")]
    [InlineData("api_endpoint", "API_ENDPOINT")]
    [InlineData("Database_Table", "DATABASE_TABLE")]
    [InlineData("CONFIG_KEY", "CONFIG_KEY")]
    [InlineData("cUSTOM", "CUSTOM")]
    public void A_type_is_read_in_any_case_and_written_in_capitals(string read, string written) =>
        Assert.Equal(written + ":x", Klock.Acquire("a", path: "x", type: read).Data.GetProperty("resource").GetString());

    [Theory]
    [InlineData(1)]
    [InlineData(86_400_000)]
    public void A_lease_lasts_its_ttl_from_the_grant(long ttl)
    {
        Advance(123);
        Answer granted = Klock.Acquire("a", ttl: ttl);
        Assert.Equal(Now, granted.Data.GetProperty("acquired_at").GetInt64());
        Assert.Equal(ttl, granted.Data.GetProperty("ttl").GetInt64());
        Assert.Equal(Now + ttl, granted.ExpiresAt);
    }

    [Fact]
    public void Every_grant_is_a_new_lease_also_on_what_the_session_holds()
    {
        Answer first = Klock.Acquire("a");
        Answer second = Klock.Acquire("a");
        Assert.NotEqual(first.LeaseId, second.LeaseId);
        Assert.True(second.Token > first.Token);
        Klock.Release(first.LeaseId);
        Assert.Equal([second.LeaseId], Klock.ActiveIds());
        Assert.Equal("DIE", Klock.Acquire("b").Reason);
    }

    [Fact]
    public void A_thousand_grants_in_one_millisecond_are_a_thousand_leases()
    {
        using LeaseCoordinator coordinator = OpenWith(KernelRandom.Shared);
        var klock = new StoreClient(coordinator);
        List<Answer> granted = [.. Enumerable.Range(0, 1_000).Select(i => klock.Acquire("a", path: $"src/{i}.ts"))];
        Assert.Equal(1_000, granted.Select(answer => answer.LeaseId).Distinct().Count());
        Assert.Equal(granted.Select(answer => answer.LeaseId), klock.ActiveIds());
        Assert.All(granted.Zip(granted.Skip(1)), pair => Assert.True(pair.First.Token < pair.Second.Token));
        Assert.All(granted, answer => Assert.Equal(Start, answer.Data.GetProperty("acquired_at").GetInt64()));
    }

    [Fact]
    public void Tokens_rise_over_grants_refusals_and_everything_else()
    {
        var tokens = new List<long>();
        for (int round = 0; round < 5; round++)
        {
            Answer granted = Klock.Acquire("a", "DELETES", ttl: 10);
            tokens.Add(granted.Token);
            Assert.False(Klock.Acquire($"late-{round}").Success);
            Klock.Heartbeat(granted.LeaseId);
            Advance(round % 2 == 0 ? 10 : 1);
            Klock.Release(granted.LeaseId);
            Klock.Register("idle", (ulong)round);
            Klock.Evict();
        }

        Assert.Equal(tokens.Order(), tokens);
        Assert.Equal(tokens.Distinct(), tokens);
    }

    [Fact]
    public void Unicode_comes_back_as_it_went_in()
    {
        Answer granted = Klock.Acquire("агент-😀", path: "src/é\u0301ß/文件.ts", session: "séance \"1\" \\ / <&>", note: "weil's so ist 🎉");
        Assert.Equal("агент-😀", granted.Data.GetProperty("agent_id").GetString());
        Assert.Equal("séance \"1\" \\ / <&>", granted.Data.GetProperty("session_id").GetString());
        Assert.Equal("FILE:src/é\u0301ß/文件.ts", granted.Data.GetProperty("resource").GetString());
        Assert.Equal("weil's so ist 🎉", Klock.List().Data[0].GetProperty("note").GetString());
    }

    [Theory]
    [InlineData("a", "s", "src/a.ts")]
    [InlineData("агент-😀", "s", "src/a.ts")]
    [InlineData("a", "say \"hi\"", "src/a.ts")]
    [InlineData("a", "s", "back\\slash")]
    [InlineData("a", "s\u007F<&>'", "src/é.ts")]
    public void A_grant_is_written_alike_alone_and_among_others(string agent, string session, string path)
    {
        AlikeAloneAndAmongOthers(agent, session, path);
        AlikeAloneAndAmongOthers(agent, session, string.Concat(Enumerable.Repeat($"{path}/", 60)) + "end");
    }

    // One writes a plain grant in one go, the other field by field.
    private void AlikeAloneAndAmongOthers(string agent, string session, string path)
    {
        Answer alone = Klock.Acquire(agent, path: path, session: session);
        Request all = Request.Declare(agent, session, Request.Intent("MUTATES", path)).With("ttl", 60_000);
        JsonElement among = Klock.Ask(Operation.AcquireAll, all.ToString()).Data.GetProperty("leases")[0];
        string expected = among.GetRawText()
            .Replace(among.GetProperty("lease_id").GetString()!, alone.LeaseId, StringComparison.Ordinal)
            .Replace($":{among.GetProperty("fencing_token")}}}", $":{alone.Token}}}", StringComparison.Ordinal);
        Assert.Equal(expected, alone.Data.GetRawText());
    }

    [Fact]
    public void Names_that_only_look_alike_are_different()
    {
        Assert.True(Klock.Acquire("a", path: "caf\u00E9").Success);
        Assert.True(Klock.Acquire("b", path: "cafe\u0301").Success);
        Assert.True(Klock.Acquire("c", path: "CAF\u00C9").Success);
        Assert.False(Klock.Acquire("caf\u00E9", path: "caf\u00E9").Success);
    }
}
