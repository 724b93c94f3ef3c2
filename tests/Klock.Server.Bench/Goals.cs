using System.Globalization;

namespace Klock.Server.Bench;

/// <summary>What was aimed at for the server beside what was measured, as the Markdown table of docs/benchmarks.md.</summary>
internal static class Goals
{
    private const int Connections = 32;
    private const int Seconds = 3;
    private const int Rounds = 5;
    private const int ManyLeases = 100_000;
    private const int ManyWaits = 10_000;
    private const int Streams = 10;
    private const int EventsPerSecond = 100;

    public static void Run(LoadProgram load)
    {
        Console.WriteLine($"klock-server on memory, {Connections} connections, one request under way on each, load generator beside it\n");
        Console.WriteLine("| what | measured | goal | |");
        Console.WriteLine("|---|---:|---:|---|");
        using (MeasuredServer klock = MeasuredServer.Klock())
        {
            BesideOthers(load, klock);
        }

        using (MeasuredServer empty = MeasuredServer.Klock())
        using (MeasuredServer full = MeasuredServer.Klock())
        {
            load.Hold(full.Port, ManyLeases);
            double none = 0, many = 0;
            for (int round = 0; round < Rounds; round++)
            {
                none = Math.Max(none, load.Pairs("klock", empty.Port, Connections, Seconds).PerSecond);
                many = Math.Max(many, load.Pairs("klock", full.Port, Connections, Seconds).PerSecond);
            }

            Row($"with 100,000 active leases ({many:N0} requests/s) / with none ({none:N0})", many / none, 0.9, atMost: false);
        }

        Waits(load);
        Events();
    }

    private static void Events()
    {
        double none = EventLoad.MeasureAsync(streams: 0, EventsPerSecond).GetAwaiter().GetResult();
        double ten = EventLoad.MeasureAsync(Streams, EventsPerSecond).GetAwaiter().GetResult();
        string what = string.Create(
            CultureInfo.InvariantCulture,
            $"{Streams} event streams and {EventsPerSecond} events a second, % of a core (without the streams {none:0.00})");
        Row(what, ten, 5, atMost: true);
    }

    // In turns, and the best of each: other programs only ever take away.
    private static void BesideOthers(LoadProgram load, MeasuredServer klock)
    {
        (string granted, string released) = Answers.OfAsync(klock).GetAwaiter().GetResult();
        using MeasuredServer bare = MeasuredServer.BareRoute(granted, released);
        using MeasuredServer? redis = MeasuredServer.Redis();
        double best = 0, bareBest = 0, redisBest = 0, spread = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            redisBest = Math.Max(redisBest, redis is null ? 0 : load.Pairs("redis", redis.Port, Connections, Seconds).PerSecond);
            bareBest = Math.Max(bareBest, load.Pairs("klock", bare.Port, Connections, Seconds).PerSecond);
            (double perSecond, double p50, double p99) = load.Pairs("klock", klock.Port, Connections, Seconds);
            (best, spread) = (Math.Max(best, perSecond), Math.Min(spread, p99 / p50));
        }

        string both = $"POST + DELETE of a lease ({best:N0} requests/s) / the same of a bare Kestrel with the same bodies ({bareBest:N0})";
        Row(both, best / bareBest, 0.95, atMost: false);
        if (redis is not null)
        {
            Console.WriteLine($"| for scale: SET NX PX + DEL of Redis, requests/s | {redisBest:N0} | | |");
        }

        Row("p99 / p50 of its answers", spread, 5, atMost: true);
    }

    private static void Waits(LoadProgram load)
    {
        using MeasuredServer klock = MeasuredServer.Klock();
        double memory = 0;
        (_, double p99, _) = load.Waits(klock.Port, ManyWaits, () => memory = klock.MemoryMb());
        Row($"memory with {ManyWaits:N0} held waits, MB", memory, 400, atMost: true);
        Row("wake-up of a wait after its release, p99, ms", p99, 50, atMost: true);
    }

    private static void Row(string what, double measured, double goal, bool atMost)
    {
        string bound = string.Create(CultureInfo.InvariantCulture, $"{(atMost ? "≤" : "≥")} {goal:0.##}");
        bool met = atMost ? measured <= goal : measured >= goal;
        string told = met ? "met" : "**missed**";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {measured:0.00} | {bound} | {told} |"));
    }
}
