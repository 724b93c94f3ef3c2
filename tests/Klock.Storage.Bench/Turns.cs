using System.Globalization;
using System.Text;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;

namespace Klock.Storage.Bench;

/// <summary>Forty agents take turns on one name: 5 ms of work each, up to 10 ms apart. How evenly, and how long does one wait?</summary>
internal sealed record Turns(int Grants, double LongestWaitMs)
{
    public const int Agents = 40;
    private const int WorkMs = 5;
    private const int LongestPauseMs = 10;
    private const int IdAt = 36;
    private const int IdBytes = 32;

    /// <summary>Threads on one handle.</summary>
    public static Turns[] OfThreads(LeaseCoordinator coordinator, TimeSpan time)
    {
        string start = Workers.SoonMs();
        var turns = new Turns[Agents];
        Thread[] threads = [.. Enumerable.Range(0, Agents).Select(i =>
            new Thread(() => turns[i] = Take(coordinator, $"agent-{i}", start, time)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return turns;
    }

    /// <summary>Processes on one file.</summary>
    public static Turns[] OfProcesses(string path, TimeSpan time)
    {
        string start = Workers.SoonMs();
        double[][] told = Workers.Run(Agents, i => ["turns", path, $"agent-{i}", start, Workers.Seconds(time)]);
        return Array.ConvertAll(told, of => new Turns((int)of[0], of[1]));
    }

    /// <summary>What one of those processes does.</summary>
    public static void Work(string path, string name, string startMs, string seconds)
    {
        using LeaseCoordinator coordinator = Throughput.Open(path);
        Turns turns = Take(coordinator, name, startMs, Workers.Time(seconds));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{turns.Grants} {turns.LongestWaitMs}"));
    }

    // From a common start on, so that nobody has the name for himself while others still come up.
    private static Turns Take(LeaseCoordinator coordinator, string name, string startMs, TimeSpan time)
    {
        var random = new Random(name.GetHashCode(StringComparison.Ordinal));
        var reply = new Reply(1024);
        byte[] acquire = Encoding.UTF8.GetBytes($$"""
            {"agent_id":"{{name}}","session_id":"s","resource_type":"FILE","resource_path":"hot","predicate":"MUTATES",
            "ttl":60000,"wait_ms":60000}
            """);
        byte[] release = [.. "{\"lease_id\":\"00000000000000000000000000000000\"}"u8];
        DateTimeOffset end = Workers.SleepUntil(startMs) + time;
        (int grants, double longestMs) = (0, 0);
        while (TimeProvider.System.GetUtcNow() < end)
        {
            Thread.Sleep(random.Next(LongestPauseMs + 1));
            long asked = TimeProvider.System.GetTimestamp();
            coordinator.Execute(Operation.Acquire, acquire, reply);
            double waitedMs = TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds;
            if (!reply.Outcome.IsSuccess)
            {
                throw new InvalidOperationException(Encoding.UTF8.GetString(reply.Utf8));
            }

            reply.Utf8.Slice(IdAt, IdBytes).CopyTo(release.AsSpan(13));
            Thread.Sleep(WorkMs);
            coordinator.Execute(Operation.Release, release, reply);
            grants++;
            longestMs = Math.Max(longestMs, waitedMs);
        }

        return new Turns(grants, longestMs);
    }
}
