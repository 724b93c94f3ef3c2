using Klock.Coordinator.Stores.Replicated;

namespace Klock.Machines.Bench;

/// <summary>What so many servers with so many callers each did.</summary>
internal sealed record Load(int Servers, int Callers)
{
    private const int WarmUpSeconds = 2;

    public double CommandsPerSecond { get; private init; }

    public double AppendsPerSecond { get; private init; }

    /// <summary>What part of the appends came too late, in %.</summary>
    public double LatePercent { get; private init; }

    /// <summary>How far the server that is farthest from the mean of all is from it, in %.</summary>
    public double UnfairPercent { get; private init; }

    public double P50Ms { get; private init; }

    public double P99Ms { get; private init; }

    /// <summary>A batch as the servers made them.</summary>
    public JournalBatch Batch { get; private init; } = null!;

    /// <summary>Measures it, on a journal of its own.</summary>
    public static async Task<Load> MeasureAsync(IEngine engine, int servers, int callers, TimeSpan time)
    {
        string journal = Programs.NewName("j");
        Server[] all = [.. Enumerable.Range(0, servers).Select(i => new Server(engine, journal, i))];
        try
        {
            await RunAsync(all, callers, TimeSpan.FromSeconds(WarmUpSeconds));
            (int appends, int late) = (all.Sum(static each => each.Journal.Appends), all.Sum(static each => each.Journal.Late));
            long start = TimeProvider.System.GetTimestamp();
            List<double>[] took = await RunAsync(all, callers, time);
            double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            appends = all.Sum(static each => each.Journal.Appends) - appends;
            late = all.Sum(static each => each.Journal.Late) - late;
            double[] sorted = [.. took.SelectMany(static each => each).Order()];
            double mean = (double)sorted.Length / servers;
            return new Load(servers, callers)
            {
                CommandsPerSecond = sorted.Length / seconds,
                AppendsPerSecond = appends / seconds,
                LatePercent = 100.0 * late / appends,
                UnfairPercent = 100 * took.Max(each => Math.Abs(each.Count - mean) / mean),
                P50Ms = sorted[sorted.Length / 2],
                P99Ms = sorted[sorted.Length * 99 / 100],
                Batch = all[0].Journal.Last!,
            };
        }
        finally
        {
            Array.ForEach(all, static server => server.Dispose());
        }
    }

    // How long each command of each server took.
    private static async Task<List<double>[]> RunAsync(Server[] servers, int callers, TimeSpan time)
    {
        bool isOver = false;
        Caller[][] all = [.. servers.Select((server, i) =>
            Enumerable.Range(0, callers).Select(caller => new Caller(server.Coordinator, $"s{i}c{caller}")).ToArray())];
        Task[] running = [.. all.SelectMany(static each => each).Select(caller =>
            Task.Run(() => caller.PairsAsync(() => Volatile.Read(ref isOver))))];
        await Task.WhenAny([Task.Delay(time), .. running]);
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(running);
        return [.. all.Select(static each => each.SelectMany(static caller => caller.TookMs).ToList())];
    }
}
