using System.Globalization;
using System.Text.Json;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Events;

/// <summary>One reader for all streams: each gets every event that it wants, in order, once, and the store is asked for one.</summary>
public abstract class FeedTests(RunningServer running)
{
    private const int Followers = 50;
    private const int Grants = 300;
    private const int ManifestsBehind = 12;
    private const int LeasesOfAManifest = 250;

    private Api Api => running.Api;

    [Fact]
    public async Task Many_followers_cost_the_store_no_more_than_one_and_miss_nothing()
    {
        EventReader[] all = await OpenAsync("/events?kind=GRANTED");
        EventReader[] some = await OpenAsync("/events?kind=GRANTED&resource=FILE:/feed/odd/**");
        long before = await ReadsAsync("one");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async writer =>
        {
            for (int i = writer; i < Grants; i += 6)
            {
                (await Api.AcquireAsync("w" + writer, $"/feed/{(i % 2 == 0 ? "even" : "odd")}/{i}")).Is(201);
            }
        }));
        long[] first = await NumbersAsync(all[0], Grants), odd = await NumbersAsync(some[0], Grants / 2);
        Assert.Equal(first.Order().Distinct(), first);
        Assert.Equal(odd.Order().Distinct(), odd);
        Assert.Subset(first.ToHashSet(), odd.ToHashSet());
        foreach (EventReader other in all[1..])
        {
            Assert.Equal(first, await NumbersAsync(other, Grants));
        }

        foreach (EventReader other in some[1..])
        {
            Assert.Equal(odd, await NumbersAsync(other, Grants / 2));
        }

        Assert.Equal(before, await ReadsAsync("one"));
        Close([.. all, .. some]);
    }

    [Fact]
    public async Task The_store_is_asked_for_nothing_when_nobody_follows()
    {
        Close(await OpenAsync("/events"));
        await UntilAsync(async () => await MetricAsync("klock_event_streams ") == 0, "all have gone");

        // The look that was on its way may still end.
        await Task.Delay(600, TestContext.Current.CancellationToken);
        long before = await ReadsAsync("all");
        for (int i = 0; i < 20; i++)
        {
            (await Api.AcquireAsync("alone", $"/alone/{i}")).Is(201);
        }

        await Task.Delay(600, TestContext.Current.CancellationToken);
        Assert.Equal(before, await ReadsAsync("all"));
    }

    [Fact]
    public async Task Who_resumes_from_far_behind_catches_up_while_others_follow()
    {
        using EventReader quick = await EventReader.OpenAsync(Api, "/events?agent_id=later");
        long start = (await Api.GetAsync("/health")).Data.GetProperty("sequence").GetInt64();
        for (int i = 0; i < ManifestsBehind; i++)
        {
            await AcquireManyAsync("behind", $"/behind/{i}");
        }

        using EventReader behind = await EventReader.OpenAsync(Api, $"/events?after={start}&kind=GRANTED");
        (await Api.AcquireAsync("later", "/later")).Is(201);
        long[] numbers = await NumbersAsync(behind, (ManifestsBehind * LeasesOfAManifest) + 1);
        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.Equal(["REGISTERED later", "GRANTED later"], await quick.NextAsync(2));
        Assert.Equal(quick.LastId, behind.LastId);
        long reads = await ReadsAsync("one");
        (await Api.AcquireAsync("later", "/later/still")).Is(201);
        Assert.Equal(["GRANTED later"], await behind.NextAsync(1));
        Assert.Equal(reads, await ReadsAsync("one"));
    }

    [Fact]
    public async Task A_gap_passes_every_filter()
    {
        await Api.AcquireAsync("gap", "/gap");
        long early = (await Api.GetAsync("/health")).Data.GetProperty("sequence").GetInt64();
        for (int i = 0; i < 50; i++)
        {
            await AcquireManyAsync("gap", "/gap/" + i);
        }

        foreach (string filter in (string[])["agent_id=nobody", "kind=REVOKED", "resource=FILE:/none", "namespace=none", "session_id=none"])
        {
            using EventReader reader = await EventReader.OpenAsync(Api, $"/events?after={early}&{filter}");
            JsonElement told = (await reader.NextAsync())!.Value;
            Assert.Equal("GAP", told.GetProperty("kind").GetString());
            Assert.Equal(early + 1, told.GetProperty("first_missing").GetInt64());
        }
    }

    private async Task<EventReader[]> OpenAsync(string path)
    {
        var readers = new EventReader[Followers];
        for (int i = 0; i < Followers; i++)
        {
            readers[i] = await EventReader.OpenAsync(Api, path);
        }

        return readers;
    }

    private static void Close(EventReader[] readers) => Array.ForEach(readers, reader => reader.Dispose());

    private static async Task<long[]> NumbersAsync(EventReader reader, int count)
    {
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = (await reader.NextAsync())!.Value.GetProperty("seq").GetInt64();
        }

        return numbers;
    }

    private async Task AcquireManyAsync(string agent, string folder)
    {
        string intents = string.Join(',', Enumerable.Range(0, LeasesOfAManifest).Select(i =>
            $"{{\"resource_type\":\"FILE\",\"resource_path\":\"{folder}/{i}\",\"predicate\":\"CONSUMES\"}}"));
        string request = $"{{\"agent_id\":\"{agent}\",\"session_id\":\"s\",\"ttl\":3600000,\"intents\":[{intents}]}}";
        (await Api.PostAsync("/intents", request)).Is(201);
    }

    private Task<long> ReadsAsync(string whom) => MetricAsync($"klock_event_reads_total{{for=\"{whom}\"}} ");

    private async Task<long> MetricAsync(string name) => long.Parse(
        (await Api.GetAsync("/metrics")).Text.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..],
        CultureInfo.InvariantCulture);

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (int i = 0; !await holds(); i++)
        {
            Assert.True(i < 400, "not so: " + what);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>On the memory store.</summary>
public sealed class MemoryFeedTests(RunningServer running) : FeedTests(running), IClassFixture<RunningServer>;

/// <summary>On an SQLite file.</summary>
public sealed class SqliteFeedTests(RunningSqliteServer running) : FeedTests(running), IClassFixture<RunningSqliteServer>;
