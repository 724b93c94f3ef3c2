using Klock.Server.Bench;

namespace Klock.Machines.Bench;

/// <summary>What real servers do on an engine, asked over HTTP.</summary>
internal static class Served
{
    private const int Seconds = 5;
    private const int WarmUpSeconds = 2;
    private const int LeasesARequest = 100;
    private const int FillersAtOnce = 8;
    private const int Agents = 200;

    /// <summary>Leases that so many servers grant and release together.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="load">Asks them.</param>
    /// <param name="servers">How many servers.</param>
    /// <param name="connections">How many connections each has, with one request under way on each.</param>
    /// <returns>How many grants a second, and the p99 of an answer in ms.</returns>
    public static async Task<(double GrantsPerSecond, double P99Ms)> GrantsAsync(
        IEngine engine, LoadProgram load, int servers, int connections)
    {
        string journal = Programs.NewName("h");
        MeasuredServer[] all = [.. Enumerable.Range(0, servers).Select(i => MeasuredServer.Klock("--storage", engine.Storage(journal, i)))];
        try
        {
            await AskAsync(WarmUpSeconds);
            (double PerSecond, double P50, double P99)[] asked = await AskAsync(Seconds);

            // Half of the requests are releases.
            return (asked.Sum(static each => each.PerSecond) / 2, asked.Max(static each => each.P99) / 1_000);
        }
        finally
        {
            Array.ForEach(all, static each => each.Dispose());
        }

        Task<(double PerSecond, double P50, double P99)[]> AskAsync(int seconds) => Task.WhenAll(all.Select((server, i) =>
            Task.Factory.StartNew(() => load.Pairs("klock", server.Port, connections, seconds, i), TaskCreationOptions.LongRunning)));
    }

    /// <summary>From the start of a server's program until it says that it is ready, on a store with so many active leases.</summary>
    public static async Task<TimeSpan> StartAsync(IEngine engine, int leases)
    {
        string journal = Programs.NewName("s");
        using (var filler = new Server(engine, journal, 0))
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, leases / LeasesARequest),
                new ParallelOptions { MaxDegreeOfParallelism = FillersAtOnce },
                async (part, _) =>
                    await new Caller(filler.Coordinator, $"agent{part % Agents}").AcquireManyAsync($"/project/{part}", LeasesARequest));
        }

        using var http = new HttpClient();
        long start = TimeProvider.System.GetTimestamp();
        using MeasuredServer server = MeasuredServer.Klock("--storage", engine.Storage(journal, 1));
        await Programs.UntilAsync("klock-server", async () =>
        {
            using HttpResponseMessage ready = await http.GetAsync($"http://127.0.0.1:{server.Port}/readyz");
            return ready.IsSuccessStatusCode;
        });
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);
        string health = await http.GetStringAsync($"http://127.0.0.1:{server.Port}/health");
        return health.Contains($"\"active_leases\":{leases}", StringComparison.Ordinal) ? took
            : throw new InvalidOperationException($"The server is ready and has not all of {leases} leases: {health}");
    }
}
