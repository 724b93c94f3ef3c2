using System.Text.Json;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Routes;

/// <summary>A snapshot over HTTP: one state, in pages, from which the events go on without a gap.</summary>
public abstract class SnapshotTests(RunningServer running)
{
    private Api Api => running.Api;

    [Fact]
    public async Task It_has_what_the_lists_have()
    {
        await Api.AcquireAsync("lists", "/lists");
        JsonElement shown = (await Api.GetAsync("/snapshot")).Is(200).Data;
        foreach (string list in (string[])["leases", "waiters", "agents"])
        {
            Assert.Equal((await Api.GetAsync("/" + list)).Data.GetRawText(), shown.GetProperty(list).GetRawText());
        }

        Assert.Equal("", (await Api.SendAsync("HEAD", "/snapshot")).Is(200).Text);
    }

    [Fact]
    public async Task It_is_narrowed_down_by_the_query_and_bad_queries_are_errors()
    {
        await Api.AcquireAsync("narrow", "/narrow");
        JsonElement shown = (await Api.GetAsync("/snapshot?agent_id=narrow&resource=FILE:/narrow&limit=5")).Is(200).Data;
        Assert.Equal("narrow", Assert.Single(shown.GetProperty("leases").EnumerateArray()).GetProperty("agent_id").GetString());
        Assert.Equal("narrow", Assert.Single(shown.GetProperty("agents").EnumerateArray()).GetProperty("agent_id").GetString());
        foreach (string query in (string[])["limit=0", "limit=1001", "limit=x", "resource=x", "limit=1&limit=2", "namespace="])
        {
            (await Api.GetAsync("/snapshot?" + query)).IsError(400, "INVALID_REQUEST");
        }
    }

    [Fact]
    public async Task The_stream_of_events_goes_on_exactly_where_it_ends()
    {
        const string agent = "goes-on";
        await Api.AcquireAsync(agent, "/" + agent);
        long sequence = (await Api.GetAsync("/snapshot")).Data.GetProperty("sequence").GetInt64();
        string lease = (await Api.AcquireAsync(agent, $"/{agent}/2")).Is(201).LeaseId;
        (await Api.DeleteAsync("/leases/" + lease)).Is(200);
        using (EventReader events = await EventReader.OpenAsync(Api, $"/events?after={sequence}&agent_id={agent}"))
        {
            Assert.Equal([$"GRANTED {agent}", $"RELEASED {agent}"], await events.NextAsync(2));
        }

        Reply list = await Api.GetAsync($"/events?after={sequence}&limit=1", ("Accept", "application/json"));
        Assert.True(list.Data[0].GetProperty("seq").GetInt64() > sequence);
        long now = (await Api.GetAsync("/snapshot")).Data.GetProperty("sequence").GetInt64();
        Assert.Empty((await Api.GetAsync($"/events?after={now}", ("Accept", "application/json"))).Data.EnumerateArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Where_a_list_has_more_the_pages_behind_it_have_the_rest(int limit)
    {
        for (int i = 0; i < 7; i++)
        {
            await Api.AcquireAsync($"page:{i}", $"/page/{i}");
        }

        JsonElement shown = (await Api.GetAsync($"/snapshot?limit={limit}")).Is(200).Data;
        Dictionary<string, string> cursors = shown.GetProperty("next").EnumerateObject().ToDictionary(
            list => list.Name, list => list.Value.ToString());
        Assert.Equal(limit == 1000, cursors.Count == 0);
        foreach (string list in (string[])["leases", "agents"])
        {
            List<string> entries = [.. Entries(shown.GetProperty(list))];
            for (string? after = cursors.GetValueOrDefault(list); after is not null;)
            {
                Reply page = (await Api.GetAsync($"/{list}?limit={limit}&after={Uri.EscapeDataString(after)}")).Is(200);
                entries.AddRange(Entries(page.Data));
                after = page.Json.TryGetProperty("next", out JsonElement next) ? next.ToString() : null;
            }

            Assert.Equal(Entries((await Api.GetAsync("/" + list)).Data), entries);
        }
    }

    private static IEnumerable<string> Entries(JsonElement list) => list.EnumerateArray().Select(entry => entry.GetRawText());
}

/// <summary>In memory.</summary>
public sealed class MemorySnapshotTests(RunningServer running) : SnapshotTests(running), IClassFixture<RunningServer>;

/// <summary>On an SQLite file.</summary>
public sealed class SqliteSnapshotTests(RunningSqliteServer running) : SnapshotTests(running), IClassFixture<RunningSqliteServer>;
