using System.Text.Json;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Events;

/// <summary>Events as they happen, resumed, filtered, and never delayed by a slow client.</summary>
public abstract class EventTests(RunningServer running)
{
    private const int Floods = 150;
    private const int LeasesInAFlood = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private Api Api => running.Api;

    [Fact]
    public async Task What_happens_is_told_in_order_and_without_lease_ids()
    {
        using EventReader events = await EventReader.OpenAsync(Api, "/events");
        string lease = (await Api.AcquireAsync("told", "/told")).Is(201).LeaseId;
        await Api.PostAsync($"/leases/{lease}/heartbeat");
        await Api.AcquireAsync("refused", "/told");
        await Api.DeleteAsync("/leases/" + lease);
        Assert.Equal(
            ["REGISTERED told", "GRANTED told", "REGISTERED refused", "REFUSED refused", "RELEASED told"],
            await events.NextAsync(5));
    }

    [Fact]
    public async Task Renewals_are_told_to_who_asks_for_them()
    {
        using EventReader events = await EventReader.OpenAsync(Api, "/events?agent_id=renews&kind=RENEWED,RELEASED");
        string lease = (await Api.AcquireAsync("renews", "/renews")).Is(201).LeaseId;
        await Api.PostAsync($"/leases/{lease}/heartbeat");
        await Api.DeleteAsync("/leases/" + lease);
        Assert.Equal(["RENEWED renews", "RELEASED renews"], await events.NextAsync(2));
    }

    [Fact]
    public async Task An_expiry_is_told_when_it_is_due_though_nobody_asks()
    {
        await Api.AcquireAsync("expires", "/expires", ttl: 500);
        using EventReader events = await EventReader.OpenAsync(Api, "/events?agent_id=expires");
        long start = TimeProvider.System.GetTimestamp();
        Assert.Equal(["EXPIRED expires"], await events.NextAsync(1));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 3);
    }

    [Fact]
    public async Task A_stream_is_resumed_where_it_was_left_and_nothing_is_missed_or_told_twice()
    {
        string last;
        using (EventReader first = await EventReader.OpenAsync(Api, "/events?agent_id=resumed&kind=GRANTED"))
        {
            await Api.AcquireAsync("resumed", "/resumed/1");
            Assert.Equal(["GRANTED resumed"], await first.NextAsync(1));
            last = first.LastId;
        }

        await Api.AcquireAsync("resumed", "/resumed/2");
        using EventReader second = await EventReader.OpenAsync(Api, "/events?agent_id=resumed&kind=GRANTED", ("Last-Event-ID", last));
        Assert.Equal("FILE:/resumed/2", (await second.NextAsync())!.Value.GetProperty("resource").GetString());
        await Api.AcquireAsync("resumed", "/resumed/3");
        Assert.Equal("FILE:/resumed/3", (await second.NextAsync())!.Value.GetProperty("resource").GetString());
        using EventReader third = await EventReader.OpenAsync(Api, $"/events?agent_id=resumed&kind=GRANTED&after={last}");
        Assert.Equal("FILE:/resumed/2", (await third.NextAsync())!.Value.GetProperty("resource").GetString());
    }

    [Fact]
    public async Task Filters_narrow_it_down_together()
    {
        using EventReader events = await EventReader.OpenAsync(
            Api, "/events?agent_id=f1&session_id=s1&resource=FILE:/filtered/**&kind=granted,released");
        await Api.AcquireAsync("f2", "/filtered/no", session: "s1");
        await Api.AcquireAsync("f1", "/filtered/no2", session: "s2");
        await Api.AcquireAsync("f1", "/elsewhere", session: "s1");
        string lease = (await Api.AcquireAsync("f1", "/filtered/yes", session: "s1")).Is(201).LeaseId;
        await Api.PostAsync($"/leases/{lease}/heartbeat");
        await Api.DeleteAsync("/leases/" + lease);
        Assert.Equal(["GRANTED f1", "RELEASED f1"], await events.NextAsync(2));
    }

    [Fact]
    public async Task Who_accepts_JSON_gets_a_list()
    {
        long before = (await Api.GetAsync("/health")).Data.GetProperty("sequence").GetInt64();
        await Api.AcquireAsync("listed", "/listed");
        Reply all = (await Api.GetAsync($"/events?after={before}&limit=1000", ("Accept", "application/json"))).Is(200);
        JsonElement[] events = [.. all.Data.EnumerateArray()];
        Assert.Contains(events, one =>
            one.GetProperty("kind").GetString() == "GRANTED" && one.GetProperty("agent_id").GetString() == "listed");
        long last = events[^1].GetProperty("seq").GetInt64();
        Assert.Empty((await Api.GetAsync($"/events?after={last + 1_000}", ("Accept", "application/json"))).Data.EnumerateArray());
        Assert.Single((await Api.GetAsync("/events?after=0&limit=1", ("Accept", "application/json"))).Data.EnumerateArray());
        (await Api.GetAsync("/events?after=x", ("Accept", "application/json"))).IsError(400, "INVALID_REQUEST");
        (await Api.GetAsync("/events?limit=1001", ("Accept", "application/json"))).IsError(400, "INVALID_REQUEST");
        foreach (string filter in (string[])["agent_id=a", "session_id=s", "resource=FILE:x", "namespace=n", "kind=GRANTED"])
        {
            (await Api.GetAsync("/events?after=0&" + filter, ("Accept", "application/json"))).IsError(400, "INVALID_REQUEST");
        }
    }

    [Fact]
    public async Task A_slow_reader_is_dropped_and_holds_nobody_up()
    {
        using RawConnection slow = await RawConnection.OpenAsync(running.Server.Url, receiveBytes: 4_096);
        await slow.SendAsync("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        using EventReader quick = await EventReader.OpenAsync(Api, "/events?agent_id=last");
        string intents = string.Join(',', Enumerable.Range(0, LeasesInAFlood).Select(i =>
            $"{{\"resource_type\":\"FILE\",\"resource_path\":\"/flood/{i}\",\"predicate\":\"MUTATES\"}}"));
        string request = "{\"agent_id\":\"flood\",\"session_id\":\"s\",\"ttl\":3600000,"
            + $"\"note\":\"{new string('n', 1_000)}\",\"intents\":[{intents}]}}";
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; !await IsDroppedAsync(); i++)
        {
            // What is in the sockets' buffers counts as taken, so it takes a flood, and then the time that a client has to take something.
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "it was never dropped");
            await (i < Floods
                ? AcquireAllAsync(request)
                : Task.Delay(100, TestContext.Current.CancellationToken));
        }

        (await Api.AcquireAsync("last", "/last")).Is(201);
        Assert.Equal(["REGISTERED last", "GRANTED last"], await quick.NextAsync(2));
    }

    private async Task AcquireAllAsync(string request) => (await Api.PostAsync("/intents", request)).Is(201);

    private async Task<bool> IsDroppedAsync() =>
        (await Api.GetAsync("/metrics")).Text.Contains("klock_event_streams_dropped_total 1", StringComparison.Ordinal);
}

/// <summary>On the memory store.</summary>
public sealed class MemoryEventTests(RunningServer running) : EventTests(running), IClassFixture<RunningServer>;

/// <summary>On an SQLite file.</summary>
public sealed class SqliteEventTests(RunningSqliteServer running) : EventTests(running), IClassFixture<RunningSqliteServer>;
