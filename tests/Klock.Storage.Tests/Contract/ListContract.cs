using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>What lists show and how they are filtered.</summary>
public abstract class ListContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void A_listed_lease_shows_all_its_fields()
    {
        Answer granted = Klock.Acquire("a", "DELETES", note: "why");
        Klock.Acquire("b", path: "b");
        Advance(7);
        Klock.Heartbeat(granted.LeaseId);
        Assert.Equal(
            "{\"id\":\"00000000000000000000000000000001\",\"agent_id\":\"a\",\"session_id\":\"s\",\"resource\":\"FILE:src/a.ts\","
            + "\"predicate\":\"DELETES\",\"state\":\"Active\",\"acquired_at\":1800000000000,\"ttl\":60000,\"expires_at\":1800000060007,"
            + $"\"last_heartbeat\":1800000000007,\"fencing_token\":{granted.Token},\"note\":\"why\"}}",
            Klock.List().Data[0].GetRawText());
        Assert.Equal(Start, Klock.List().Data[1].GetProperty("last_heartbeat").GetInt64());
    }

    [Fact]
    public void One_lease_is_shown_as_a_list_shows_it_until_it_ends()
    {
        string lease = Klock.Acquire("a", ttl: 100, note: "why").LeaseId;
        Assert.Equal(Klock.List().Data[0].GetRawText(), Klock.Get(lease).Data.GetRawText());
        Advance(100);
        Assert.Equal("EXPIRED", Klock.Get(lease).Code);
        Klock.Evict();
        Assert.Equal("EXPIRED", Klock.Get(lease).Code);
        string released = Klock.Acquire("a").LeaseId;
        Klock.Release(released);
        Assert.Equal("UNKNOWN_LEASE", Klock.Get(released).Code);
        Assert.Equal("UNKNOWN_LEASE", Klock.Get("no such lease").Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    public void Pages_are_the_list_in_parts(int limit)
    {
        string[] leases = [.. Enumerable.Range(0, 7).Select(i => Klock.Acquire(i % 2 == 0 ? "even" : "odd", path: $"{i}").LeaseId)];
        Assert.Equal(leases, Klock.ActiveIds());
        Assert.Equal(leases, Pages(Operation.ListLeases, limit).Select(lease => lease.GetProperty("id").GetString()));
        Assert.Equal(
            leases.Where((_, i) => i % 2 != 0),
            Pages(Operation.ListLeases, limit, ("agent_id", "odd")).Select(lease => lease.GetProperty("id").GetString()));
    }

    [Fact]
    public void A_page_goes_on_where_the_last_one_ended_whatever_happened_between()
    {
        string[] leases = [.. Enumerable.Range(0, 4).Select(i => Klock.Acquire("a", path: $"{i}").LeaseId)];
        Answer first = Klock.List(("limit", 2));
        Klock.Release(leases[1]);
        Klock.Release(leases[2]);
        string added = Klock.Acquire("a", path: "9").LeaseId;
        Answer second = Klock.List(("limit", 2), ("after", first.Json.GetProperty("next").GetInt64()));
        Assert.Equal([leases[3], added], second.Data.EnumerateArray().Select(lease => lease.GetProperty("id").GetString()));
        Assert.False(second.Json.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Pages_of_what_waits_have_whole_requests(int limit)
    {
        Klock.Register("old", 1);
        Klock.Register("mid", 2);
        Klock.Register("young", 3);
        Klock.Acquire("mid");
        Klock.Wait("young");
        Request both = Request.Declare("old", "s", Request.Intent("MUTATES", "src/a.ts"), Request.Intent("MUTATES", "b"));
        Klock.Begin(Operation.AcquireAll, both.With("ttl", 60_000).With("wait_ms", 60_000));
        Klock.Wait("old", path: "src/**", session: "r");
        string[] expected =
            ["queued old FILE:src/a.ts", "queued old FILE:b", "queued old FILE:src/**", "parked young FILE:src/a.ts"];
        Assert.Equal(expected, Klock.Waiters());
        Assert.Equal(expected, Pages(Operation.ListWaiters, limit).Select(
            claim => $"{claim.GetProperty("state")} {claim.GetProperty("agent_id")} {claim.GetProperty("resource")}"));
    }

    [Fact]
    public void Waiters_are_listed_the_queue_first_until_they_leave()
    {
        Klock.Register("old", 1);
        Klock.Register("mid", 2);
        Klock.Register("young", 3);
        string held = Klock.Acquire("mid").LeaseId;
        Waiting parked = Klock.Wait("young"), queued = Klock.Wait("old", path: "src/**");
        Assert.Equal(["queued old FILE:src/**", "parked young FILE:src/a.ts"], Klock.Waiters());
        Assert.Equal(["parked young FILE:src/a.ts"], Klock.Waiters(("agent_id", "young")));
        Assert.Equal(["queued old FILE:src/**"], Klock.Waiters(("resource", "FILE:src/b.ts")));
        Assert.Empty(Klock.Waiters(("session_id", "other")));
        Klock.Release(held);
        Assert.True(queued.Answered().Success);
        Assert.Equal(["parked young FILE:src/a.ts"], Klock.Waiters());
        parked.Cancel();
        Assert.Empty(Klock.Waiters());
    }

    [Fact]
    public void A_waiter_is_not_listed_beyond_its_time()
    {
        Klock.Acquire("young");
        Klock.Wait("other", waitMs: 100);
        Assert.Single(Klock.Waiters());
        Advance(100);
        Assert.Empty(Klock.Waiters());
    }

    [Fact]
    public void A_look_at_a_lease_changes_nothing()
    {
        string lease = Klock.Acquire("a", ttl: 100).LeaseId;
        Advance(100);
        long before = Klock.Events().Length;
        Klock.Get(lease);
        Klock.Ask(Operation.Health, "{}");
        Assert.Equal(before, Klock.Events().Length);
    }

    [Fact]
    public void Health_counts_what_is_active_and_who_waits()
    {
        Klock.Register("b", 1);
        Klock.Acquire("a", ttl: 100);
        Klock.Acquire("a", path: "b");
        Waiting waiting = Klock.Wait("b");
        Assert.Equal("ok 2 1 2", Health());
        Pass(100, waiting);
        Assert.Equal("ok 2 0 2", Health());
        Klock.EndSession("a");
        Klock.EndSession("b");
        Assert.Equal("ok 0 0 2", Health());
    }

    [Fact]
    public void An_empty_store_lists_nothing()
    {
        Assert.Equal("{\"success\":true,\"data\":[]}", Klock.List().Text);
        Assert.Equal("{\"success\":true,\"data\":[]}", Klock.Ask(Operation.ListAgents, "{}").Text);
    }

    [Fact]
    public void An_agent_is_listed_with_its_priority()
    {
        Klock.Register("a", 5);
        Assert.Equal("{\"success\":true,\"data\":[{\"agent_id\":\"a\",\"priority\":5}]}", Klock.Ask(Operation.ListAgents, "{}").Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public void Agents_come_in_pages_the_oldest_first(int limit)
    {
        (string, ulong)[] agents = [("b", 7), ("z", 0), ("a:1", 7), ("c", ulong.MaxValue), ("\u00e9", 7)];
        foreach ((string name, ulong priority) in agents)
        {
            Klock.Register(name, priority);
        }

        string[] expected = ["z", "a:1", "b", "\u00e9", "c"];
        Assert.Equal(expected, All(Klock.Ask(Operation.ListAgents, "{}"), "agent_id"));
        Assert.Equal(expected, Pages(Operation.ListAgents, limit).Select(agent => agent.GetProperty("agent_id").GetString()));
    }

    [Fact]
    public void A_page_of_agents_goes_on_where_the_last_one_ended_whatever_was_registered_between()
    {
        foreach (ulong priority in (ulong[])[10, 20, 30])
        {
            Klock.Register($"a{priority}", priority);
        }

        Answer first = Klock.Ask(Operation.ListAgents, Request.Of(("limit", 2)).ToString());
        Assert.Equal("20:a20", first.Json.GetProperty("next").GetString());
        Klock.Register("a20", 5);
        Klock.Register("early", 1);
        Klock.Register("late", 40);
        Answer second = Klock.Ask(Operation.ListAgents, Request.Of(("limit", 2), ("after", first.Json.GetProperty("next"))).ToString());
        Assert.Equal(["a30", "late"], All(second, "agent_id"));
        Assert.False(second.Json.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"a\"")]
    [InlineData("\":a\"")]
    [InlineData("\"5:\"")]
    [InlineData("\"-1:a\"")]
    [InlineData("\"18446744073709551616:a\"")]
    [InlineData("0")]
    public void What_is_no_place_in_the_list_of_agents_is_an_error_that_names_the_field(string after)
    {
        Answer answer = Klock.Ask(Operation.ListAgents, $"{{\"after\":{after}}}");
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.StartsWith("after ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_object_nulls_and_unknown_fields_mean_everything()
    {
        string[] all = [Klock.Acquire("a").LeaseId, Klock.Acquire("b", path: "b").LeaseId];
        Assert.All(
            (string[])["{}", " {} ", "{\"agent_id\":null,\"session_id\":null,\"resource\":null}", "{\"unknown\":[1]}"],
            filter => Assert.Equal(all, All(Klock.Ask(Operation.ListLeases, filter), "id")));
    }

    [Fact]
    public void Agent_and_session_narrow_it_down_together()
    {
        string a1 = Klock.Acquire("a", path: "1", session: "1").LeaseId;
        string a2 = Klock.Acquire("a", path: "2", session: "2").LeaseId;
        string b1 = Klock.Acquire("b", path: "3", session: "1").LeaseId;
        Assert.Equal([a1, a2], Klock.ActiveIds(("agent_id", "a")));
        Assert.Equal([a1, b1], Klock.ActiveIds(("session_id", "1")));
        Assert.Equal([a1], Klock.ActiveIds(("agent_id", "a"), ("session_id", "1")));
        Assert.Empty(Klock.ActiveIds(("agent_id", "a"), ("session_id", "3")));
        Assert.Empty(Klock.ActiveIds(("agent_id", "A")));
        Assert.Empty(Klock.ActiveIds(("agent_id", "a"), ("resource", "FILE:3")));
    }

    [Theory]
    [InlineData("FILE:src/a.ts", "FILE:src/a.ts", "FILE:src/**", "FILE:**", "SYMBOL:src/a.ts#f", "SYMBOL:src/a.ts#g")]
    [InlineData("file:./src//x/../a.ts", "FILE:src/a.ts", "FILE:src/**", "FILE:**", "SYMBOL:src/a.ts#f", "SYMBOL:src/a.ts#g")]
    [InlineData("SYMBOL:src/a.ts#f", "FILE:src/a.ts", "FILE:src/**", "FILE:**", "SYMBOL:src/a.ts#f")]
    [InlineData("FILE:src/**", "FILE:src/a.ts", "FILE:src/**", "FILE:**", "FILE:src", "SYMBOL:src/a.ts#f", "SYMBOL:src/a.ts#g")]
    [InlineData("FILE:src", "FILE:src/**", "FILE:**", "FILE:src")]
    [InlineData("FILE:lib/b.ts", "FILE:**")]
    [InlineData("FILE:/src/a.ts", "FILE:/src/a.ts")]
    [InlineData("FILE:/**", "FILE:/src/a.ts")]
    [InlineData("SYMBOL:flat", "SYMBOL:flat")]
    [InlineData("CUSTOM:deploy:staging", "CUSTOM:deploy:staging")]
    [InlineData("CUSTOM:deploy")]
    [InlineData("DATABASE_TABLE:src/a.ts")]
    public void A_resource_lists_every_lease_that_meets_it(string resource, params string[] met)
    {
        string[] held =
        [
            "FILE:src/a.ts", "FILE:src/**", "FILE:**", "FILE:src", "SYMBOL:src/a.ts#f", "SYMBOL:src/a.ts#g", "FILE:/src/a.ts",
            "SYMBOL:flat", "CUSTOM:deploy:staging",
        ];
        foreach (string[] parts in held.Select(lease => lease.Split(':', 2)))
        {
            Klock.Acquire("a", path: parts[1], type: parts[0]);
        }

        IEnumerable<string?> listed = All(Klock.List(("resource", resource)), "resource");
        Assert.Equal(met.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("src/a.ts")]
    [InlineData(":x")]
    [InlineData("THING:x")]
    [InlineData("FILE:")]
    [InlineData("FILE:../x")]
    [InlineData("FILE:a/*.ts")]
    [InlineData("SYMBOL:#f")]
    public void A_resource_that_cannot_be_one_is_an_error_that_names_the_field(string resource)
    {
        Answer answer = Klock.List(("resource", resource));
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.StartsWith("resource ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Leases_are_listed_in_the_order_they_were_granted()
    {
        string[] ids = [.. Enumerable.Range(0, 50).Select(i => Klock.Acquire($"a{(i * 31) % 50}", path: $"{(i * 17) % 50}").LeaseId)];
        Klock.Heartbeat(ids[3]);
        Klock.Release(ids[20]);
        Assert.Equal(ids.Where(id => id != ids[20]), Klock.ActiveIds());
    }

    private static IEnumerable<string?> All(Answer list, string field) =>
        list.Data.EnumerateArray().Select(lease => lease.GetProperty(field).GetString());

    private string Health()
    {
        JsonElement health = Klock.Ask(Operation.Health, "{}").Data;
        string[] shown = ["status", "active_leases", "waiters", "agents"];
        return string.Join(' ', shown.Select(name => health.GetProperty(name).ToString()));
    }

    private List<JsonElement> Pages(Operation operation, int limit, params (string Name, object? Value)[] filter)
    {
        List<JsonElement> all = [];
        Request request = Request.Of([.. filter, ("limit", limit)]);
        for (bool hasMore = true; hasMore;)
        {
            Answer page = Klock.Ask(operation, request.ToString());
            all.AddRange(page.Data.EnumerateArray());
            hasMore = page.Json.TryGetProperty("next", out JsonElement next);
            Assert.True(!hasMore || page.Data.GetArrayLength() >= limit, "a page with another one after it is full");
            request = hasMore ? request.With("after", next) : request;
        }

        return all;
    }
}
