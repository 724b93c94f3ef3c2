using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;

namespace Klock.Storage.Bench;

/// <summary>How many pairs of acquire and release are done in a second.</summary>
internal static class Throughput
{
    /// <summary>Opens a store.</summary>
    public static LeaseCoordinator Open(string path) => LocalStores.Open($"sqlite:{path}", TimeProvider.System, KernelRandom.Shared);

    /// <summary>Pairs a second of one caller on a store of its own handle.</summary>
    public static double OfOneCaller(string path, string name, TimeSpan time)
    {
        using LeaseCoordinator coordinator = Open(path);
        return OfCallers(coordinator, callers: 1, time, name);
    }

    /// <summary>Pairs a second of so many threads on one handle, each on a file of its own.</summary>
    public static double OfCallers(LeaseCoordinator coordinator, int callers, TimeSpan time, string name = "agent")
    {
        Agent[] agents = [.. Enumerable.Range(0, callers).Select(i => new Agent(coordinator, $"{name}-{i}"))];
        Array.ForEach(agents, agent => agent.Pair());
        long pairs = 0;
        long start = TimeProvider.System.GetTimestamp();
        Thread[] threads = Array.ConvertAll(agents, agent => new Thread(() =>
        {
            long done = 0;
            for (; TimeProvider.System.GetElapsedTime(start) < time; done++)
            {
                agent.Pair();
            }

            Interlocked.Add(ref pairs, done);
        }));
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return pairs / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Pairs a second of so many processes on one file, each on a path of its own.</summary>
    public static double OfProcesses(string path, int processes, TimeSpan time) =>
        Workers.Run(processes, i => ["worker", path, $"process-{i}", Workers.Seconds(time)]).Sum(pairs => pairs[0]);
}
