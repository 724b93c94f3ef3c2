namespace Klock.Server.Bench;

/// <summary>What open dashboards cost: clients that follow events while leases come and go at a fixed pace.</summary>
internal static class EventLoad
{
    private const int EventsOfAPair = 2;

    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(2);

    /// <summary>The part of a core, in percent, that a server takes for all of it, the requests included.</summary>
    /// <param name="streams">How many clients follow.</param>
    /// <param name="perSecond">How many events happen a second.</param>
    public static async Task<double> MeasureAsync(int streams, int perSecond)
    {
        using MeasuredServer klock = MeasuredServer.Klock();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{klock.Port}"), Timeout = Timeout.InfiniteTimeSpan };
        using var end = new CancellationTokenSource();
        long[] read = new long[streams];
        Task[] followers = [.. Enumerable.Range(0, streams).Select(i => FollowAsync(http, count => read[i] += count, end.Token))];
        await ActAsync(http, perSecond, _warmUp);
        TimeSpan before = klock.ProcessorTime();
        long start = TimeProvider.System.GetTimestamp();
        await ActAsync(http, perSecond, _duration);
        double percent = 100 * (klock.ProcessorTime() - before) / TimeProvider.System.GetElapsedTime(start);
        await end.CancelAsync();
        await Task.WhenAll(followers);
        double least = 0.9 * perSecond * _duration.TotalSeconds;
        return read.All(lines => lines >= least) ? percent
            : throw new InvalidOperationException($"A client got {read.Min()} events, and {least:0} or more had happened.");
    }

    private static async Task FollowAsync(HttpClient http, Action<int> count, CancellationToken cancel)
    {
        try
        {
            await using Stream events = await http.GetStreamAsync("events", cancel);
            using var lines = new StreamReader(events);
            while (await lines.ReadLineAsync(cancel) is { } line)
            {
                count(line.StartsWith("data: ", StringComparison.Ordinal) ? 1 : 0);
            }
        }
        catch (OperationCanceledException)
        {
            // It has seen enough.
        }
    }

    private static async Task ActAsync(HttpClient http, int perSecond, TimeSpan duration)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds((double)EventsOfAPair / perSecond), TimeProvider.System);
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; TimeProvider.System.GetElapsedTime(start) < duration && await pace.WaitForNextTickAsync(); i++)
        {
            string wanted = $"{{\"agent_id\":\"agent-{i % 200}\",\"session_id\":\"s\",\"resource_type\":\"FILE\","
                + $"\"resource_path\":\"src/module{i % 50}/file{i}.ts\",\"predicate\":\"MUTATES\",\"ttl\":60000}}";
            await Answers.ReleaseAsync(http, await Answers.AcquireAsync(http, wanted));
        }
    }
}
