using System.Globalization;
using System.Threading.Channels;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Tests.Replicated.OnFile;

namespace Klock.Storage.Bench;

/// <summary>
/// The SQLite store beside what it would be as a journal behind the interface of the engines that many servers share, in the same run.
/// </summary>
internal static class Seam
{
    private const int Rounds = 5;
    private const int Callers = 32;
    private const int Processes = 8;
    private const int Leases = 10_000;

    private const string Store = "store", Journal = "journal";
    private const string Flushed = "full", Unflushed = "normal";

    private static readonly TimeSpan _time = TimeSpan.FromSeconds(2);
    private static readonly TimeProvider _clock = TimeProvider.System;

    public static void Run()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("klock-bench-");
        try
        {
            Console.WriteLine($"Commands a second, medians of {Rounds} rounds in turns\n");
            Console.WriteLine("| | SQLite store | as a journal | ratio | batches a command | decided again a command | µs a batch |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
            foreach (string disk in (string[])[Flushed, Unflushed])
            {
                string name = $"synchronous={disk}";
                Row($"{name}, 1 caller", kind => Measure(folder, kind, disk, callers: 1));
                Row($"{name}, {Callers} callers", kind => Measure(folder, kind, disk, Callers));
                Row($"{name}, {Processes} processes", kind => MeasureProcesses(folder, kind, disk));
                Row($"{name}, opened for each pair, {Leases:N0} leases", kind => MeasureOpening(folder, kind, disk));
            }

            using var memory = new LeaseCoordinator(new MemoryStore(_clock, KernelRandom.Shared.Next()), KernelRandom.Shared);
            double decidedUs = 1e6 / (2 * Throughput.OfCallers(memory, 1, _time));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"\nA command on the memory store, which only decides: {decidedUs:N1} µs. To a task and back: {HopUs():N1} µs."));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What one of the processes does.</summary>
    public static void Work(string path, string store, string name, string startMs, string seconds)
    {
        string[] kind = store.Split('-');
        using var opened = new Opened(path, kind[0], kind[1]);
        Workers.SleepUntil(startMs);
        Console.WriteLine(string.Join(' ', Array.ConvertAll(
            opened.Measure(1, Workers.Time(seconds), name), number => number.ToString(CultureInfo.InvariantCulture))));
    }

    private static double[] Measure(DirectoryInfo folder, string kind, string disk, int callers)
    {
        using var opened = new Opened(NewFile(folder), kind, disk);
        return opened.Measure(callers, _time, "agent");
    }

    private static double[] MeasureProcesses(DirectoryInfo folder, string kind, string disk)
    {
        string path = NewFile(folder), start = Workers.SoonMs();
        double[][] told = Workers.Run(
            Processes, i => ["seam", path, $"{kind}-{disk}", $"process-{i}", start, Workers.Seconds(_time)]);
        return [.. Enumerable.Range(0, told[0].Length).Select(i => told.Sum(each => each[i]))];
    }

    // As a process does that runs one command.
    private static double[] MeasureOpening(DirectoryInfo folder, string kind, string disk)
    {
        const int Openings = 20;
        string path = NewFile(folder);
        using var holding = new Opened(path, kind, disk);
        holding.Hold(Leases);
        double[] all = [0, 2 * Openings, 0, 0, 0];
        long start = _clock.GetTimestamp();
        for (int i = 0; i < Openings; i++)
        {
            using var opened = new Opened(path, kind, disk);
            double[] one = opened.Pair();
            all = [.. all.Zip(one, static (sum, each) => sum + each)];
        }

        all[0] = 2 * Openings / _clock.GetElapsedTime(start).TotalSeconds;
        return all;
    }

    private static void Row(string what, Func<string, double[]> measure)
    {
        var stores = new List<double[]>();
        var journals = new List<double[]>();
        for (int round = 0; round < Rounds; round++)
        {
            stores.Add(measure(Store));
            journals.Add(measure(Journal));
        }

        double[] store = Middle(stores), journal = Middle(journals);
        double ratio = journal[0] / store[0], commands = journal[1];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {store[0]:N0} | {journal[0]:N0} | {ratio:0.00} | {journal[2] / commands:0.00} | {journal[3] / commands:0.00} "
            + $"| {journal[4] / (journal[2] + journal[3]):N0} |"));
    }

    private static double[] Middle(List<double[]> rounds) => rounds.OrderBy(static round => round[0]).ElementAt(rounds.Count / 2);

    // One caller's thread sleeps until the task has answered, as that of a command does.
    private static double HopUs()
    {
        const int Hops = 50_000;
        var turns = Channel.CreateBounded<TaskCompletionSource>(Callers);
        Task answering = Task.Run(async () =>
        {
            while (await turns.Reader.WaitToReadAsync())
            {
                while (turns.Reader.TryRead(out TaskCompletionSource? turn))
                {
                    turn.SetResult();
                }
            }
        });
        long start = _clock.GetTimestamp();
        for (int hop = 0; hop < Hops; hop++)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            turns.Writer.TryWrite(turn);
            turn.Task.GetAwaiter().GetResult();
        }

        double took = _clock.GetElapsedTime(start).TotalMicroseconds / Hops;
        turns.Writer.Complete();
        answering.GetAwaiter().GetResult();
        return took;
    }

    private static string NewFile(DirectoryInfo folder) => Path.Combine(folder.FullName, $"{Path.GetRandomFileName()}.db");

    private sealed class Opened : IDisposable
    {
        private readonly LeaseCoordinator _coordinator;
        private readonly TimedJournal? _journal;

        public Opened(string path, string kind, string disk)
        {
            if (kind == Store)
            {
                _coordinator = Throughput.Open($"{path}?synchronous={disk}");
                return;
            }

            var options = new FileJournalOptions { WaitsForDisk = disk == Flushed };
            _journal = new TimedJournal(new FileJournal(path, options));
            _coordinator = new LeaseCoordinator(
                new ReplicatedStore(_journal, _clock, KernelRandom.Shared.Next()), KernelRandom.Shared);
        }

        // Commands a second, and in all; batches; those that came too late; the µs that were waited for the journal.
        public double[] Measure(int callers, TimeSpan time, string name)
        {
            long start = _clock.GetTimestamp();
            double perSecond = 2 * Throughput.OfCallers(_coordinator, callers, time, name);
            double commands = perSecond * _clock.GetElapsedTime(start).TotalSeconds;
            return [perSecond, commands, .. Counts()];
        }

        // The same, of one pair.
        public double[] Pair()
        {
            new Agent(_coordinator, "agent").Pair();
            return [0, 0, .. Counts()];
        }

        public void Hold(int leases) => new Agent(_coordinator, "holder").Hold(0, leases);

        private double[] Counts() => [_journal?.Appended ?? 0, _journal?.Late ?? 0, _journal?.Waited.TotalMicroseconds ?? 0];

        public void Dispose() => _coordinator.Dispose();
    }
}
