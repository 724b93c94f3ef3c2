using System.Globalization;
using Klock.Server.Bench;

namespace Klock.Machines.Bench;

/// <summary>What was aimed at for several servers beside what was measured, as the Markdown tables of docs/benchmarks.md.</summary>
internal static class Goals
{
    private const int Servers = 3;
    private const int ManyCallers = 32;
    private const int ManyLeases = 100_000;
    private static readonly TimeSpan _time = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(IEngine engine)
    {
        using var load = new LoadProgram();
        Write($"\n{engine.Name}, and {Servers} stores in one process beside it; load of the machine before: {LoadOfMachine()}\n");
        Write("| servers × callers | commands/s | p50, ms | p99, ms | commands an append | appends/s / bare ones of that size | "
            + "too late | unfair |");
        Write("|---|---:|---:|---:|---:|---:|---:|---:|");
        Load alone = await Load.MeasureAsync(engine, 1, 1, _time);
        BareLoad bare = await RowAsync(engine, alone);
        await RowAsync(engine, await Load.MeasureAsync(engine, 1, ManyCallers, _time));
        await RowAsync(engine, await Load.MeasureAsync(engine, Servers, 1, _time));
        await RowAsync(engine, await Load.MeasureAsync(engine, Servers, 4, _time));
        Load full = await Load.MeasureAsync(engine, Servers, ManyCallers, _time);
        await RowAsync(engine, full);
        (double p50, double p95) = await WakeUps.MeasureAsync(engine);
        (double grants, double answerMs) = await Served.GrantsAsync(engine, load, Servers, ManyCallers);
        TimeSpan start = await Served.StartAsync(engine, ManyLeases);

        Write("\n| what | measured | goal | |");
        Write("|---|---:|---:|---|");
        string many = $"{Servers} × {ManyCallers}";
        Row($"{many}: commands/s", full.CommandsPerSecond, 15_000, atMost: false);
        Row($"{many}: p99 of a command, ms", full.P99Ms, 20, atMost: true);
        Row($"{many}: appends that came too late, %", full.LatePercent, 10, atMost: true);
        Row($"{many}: the server farthest from the mean of all, %", full.UnfairPercent, 5, atMost: true);
        Row($"one caller alone, a command ({alone.P50Ms:0.00} ms) / a bare append ({bare.P50Ms:0.00} ms)", alone.P50Ms / bare.P50Ms, 1.6,
            atMost: true);
        Row($"{many}, servers of their own, over HTTP: grants/s (p99 of an answer {answerMs:0.0} ms)", grants, 6_000, atMost: false);
        Row($"start of a server with {ManyLeases:N0} leases until it is ready, s", start.TotalSeconds, 1, atMost: true);
        Row($"release at one server to the grant at another one, p50, ms (p95 {p95:0.0})", p50, 8, atMost: true);
    }

    private static async Task<BareLoad> RowAsync(IEngine engine, Load load)
    {
        BareLoad bare = await BareLoad.MeasureAsync(engine, load.Batch, TimeSpan.FromSeconds(2));
        double stood = load.AppendsPerSecond * (1 - (load.LatePercent / 100));
        string ratio = string.Create(
            CultureInfo.InvariantCulture, $"{stood:N0} / {bare.PerSecond:N0} = {stood / bare.PerSecond:0.00}");
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"| {load.Servers} × {load.Callers} | {load.CommandsPerSecond:N0} | {load.P50Ms:0.0} | {load.P99Ms:0.0} | " +
            $"{load.CommandsPerSecond / stood:0.0} | {ratio} | {load.LatePercent:0.0} % | {load.UnfairPercent:0.0} % |"));
        return bare;
    }

    private static void Row(string what, double measured, double goal, bool atMost)
    {
        string told = (atMost ? measured <= goal : measured >= goal) ? "met" : "**missed**";
        Write(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {measured:#,0.0} | {(atMost ? "≤" : "≥")} {goal:#,0.#} | {told} |"));
    }

    private static string LoadOfMachine() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "not known";

    private static void Write(string line) => Console.WriteLine(line);
}
