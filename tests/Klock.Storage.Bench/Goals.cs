using System.Globalization;
using Klock.Coordinator;

namespace Klock.Storage.Bench;

/// <summary>What was aimed at for the SQLite store beside what was measured, as the Markdown table of docs/benchmarks.md.</summary>
internal static class Goals
{
    private const int Rounds = 5;
    private const int PairsARound = 300;
    private const int ManyLeases = 100_000;
    private static readonly TimeSpan _time = TimeSpan.FromSeconds(5);

    public static void Run()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("klock-bench-");
        try
        {
            Console.WriteLine("The SQLite store, synchronous=FULL, on the temporary folder's disk\n");
            Console.WriteLine("| what | measured | goal | |");
            Console.WriteLine("|---|---:|---:|---|");
            OneCaller(folder.FullName);
            ManyCallers(folder.FullName);
            Processes(folder.FullName);
            Growth(folder.FullName);
            TakeTurns(folder.FullName);
            HandingOver(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void OneCaller(string folder)
    {
        using var bare = new BareSqlite(Path.Combine(folder, "bare.db"));
        using LeaseCoordinator coordinator = Throughput.Open(Path.Combine(folder, "one.db"));
        var agent = new Agent(coordinator, "agent");
        double two = double.MaxValue, pair = double.MaxValue;

        // In turns, and the best of each: a disk has moods.
        for (int round = 0; round < Rounds; round++)
        {
            two = Math.Min(two, 2 * Microseconds(bare.Transaction));
            pair = Math.Min(pair, Microseconds(agent.Pair));
        }

        Row($"acquire + release of one caller ({pair:N0} µs) / two bare transactions ({two:N0} µs)", pair / two, 1.4, atMost: true);
    }

    private static void ManyCallers(string folder)
    {
        using LeaseCoordinator coordinator = Throughput.Open(Path.Combine(folder, "many.db"));
        double one = Throughput.OfCallers(coordinator, 1, _time);
        double many = Throughput.OfCallers(coordinator, 32, _time);
        Row($"32 callers in one process ({many:N0} pairs/s) / one ({one:N0})", many / one, 12, atMost: false);
    }

    private static void Processes(string folder)
    {
        double one = Throughput.OfProcesses(Path.Combine(folder, "processes.db"), 1, _time);
        double eight = Throughput.OfProcesses(Path.Combine(folder, "processes.db"), 8, _time);
        Row($"8 processes on disjoint paths ({eight:N0} pairs/s) / one process ({one:N0})", eight / one, 2, atMost: false);
    }

    private static void Growth(string folder)
    {
        using LeaseCoordinator coordinator = Throughput.Open(Path.Combine(folder, "growth.db"));
        var agent = new Agent(coordinator, "agent");
        double none = Best(agent);
        new Agent(coordinator, "holder").Hold(0, ManyLeases);
        double many = Best(agent);
        Row($"acquire + release with 100,000 active leases ({many:N0} µs) / with none ({none:N0} µs)", many / none, 1.3, atMost: true);
    }

    private static void TakeTurns(string folder)
    {
        TimeSpan time = 3 * _time;
        using LeaseCoordinator coordinator = Throughput.Open(Path.Combine(folder, "threads.db"));
        Turn("threads on one handle", Turns.OfThreads(coordinator, time), time);
        Turn("processes on one file", Turns.OfProcesses(Path.Combine(folder, "turns.db"), time), time);
    }

    private static void HandingOver(string folder)
    {
        foreach (int processes in (int[])[16, 40])
        {
            double ours = HandOver.Grants(folder, isFlock: false, processes, _time);
            double flock = HandOver.Grants(folder, isFlock: true, processes, _time);
            string what = $"{processes} processes on four names, 5 ms of work: grants ({ours:N0}) / those of flock ({flock:N0})";
            Row(what, ours / flock, 0.85, atMost: false);
        }
    }

    // A turn is what each grant took of the whole time: the work, and to hand over.
    private static void Turn(string who, Turns[] turns, TimeSpan time)
    {
        (int fewest, int most) = (turns.Min(agent => agent.Grants), turns.Max(agent => agent.Grants));
        double roundMs = Turns.Agents * time.TotalMilliseconds / turns.Sum(agent => agent.Grants);
        double longestMs = turns.Max(agent => agent.LongestWaitMs);
        string taken = $"{Turns.Agents} {who} take turns on one name: most grants ({most}) / fewest ({fewest})";
        Row(taken, (double)most / fewest, 1.2, atMost: true);
        Row($"the same: longest wait ({longestMs:N0} ms) / one round of all ({roundMs:N0} ms)", longestMs / roundMs, 1.5, atMost: true);
    }

    private static double Best(Agent agent) => Enumerable.Range(0, Rounds).Min(_ => Microseconds(agent.Pair));

    private static double Microseconds(Action action)
    {
        action();
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < PairsARound; i++)
        {
            action();
        }

        return TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / PairsARound;
    }

    private static void Row(string what, double ratio, double goal, bool atMost)
    {
        string bound = string.Create(CultureInfo.InvariantCulture, $"{(atMost ? "≤" : "≥")} {goal:0.##}");
        bool met = atMost ? ratio <= goal : ratio >= goal;
        string told = met ? "met" : "**missed**";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {ratio:0.00} | {bound} | {told} |"));
    }
}
