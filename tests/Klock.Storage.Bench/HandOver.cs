using System.Globalization;
using System.Runtime.InteropServices;
using Klock.Coordinator;
using Microsoft.Win32.SafeHandles;

namespace Klock.Storage.Bench;

/// <summary>Processes that take turns on four names, 5 ms of work each, without a pause: how many grants does the time allow?</summary>
/// <remarks>Beside the same with flock(2), where the kernel hands over, without an order and without anything on a disk.</remarks>
internal static partial class HandOver
{
    private const int Names = 4;
    private const int WorkMs = 5;
    private const int Exclusive = 2, Unlock = 8;

    /// <summary>Grants in all.</summary>
    public static double Grants(string folder, bool isFlock, int processes, TimeSpan time)
    {
        string start = Workers.SoonMs();
        string place = Path.Combine(folder, $"{(isFlock ? "flock" : "klock")}-{processes}");
        Directory.CreateDirectory(place);
        return Workers.Run(processes, i => ["handover", place, isFlock ? "flock" : "klock", $"{i}", start, Workers.Seconds(time)])
            .Sum(grants => grants[0]);
    }

    /// <summary>What one of the processes does.</summary>
    public static void Work(string place, string kind, string number, string startMs, string seconds)
    {
        int name = int.Parse(number, CultureInfo.InvariantCulture) % Names;
        if (kind == "flock")
        {
            using SafeFileHandle file = File.OpenHandle(
                Path.Combine(place, $"{name}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            Repeat(startMs, seconds, () => Lock(file, Exclusive), () => Lock(file, Unlock));
            return;
        }

        using LeaseCoordinator coordinator = Throughput.Open(Path.Combine(place, "klock.db"));
        var agent = new Agent(coordinator, $"agent-{number}", $"/names/{name}", waitMs: 60_000);
        Repeat(startMs, seconds, agent.Acquire, agent.Release);
    }

    private static void Repeat(string startMs, string seconds, Action acquire, Action release)
    {
        DateTimeOffset end = Workers.SleepUntil(startMs) + Workers.Time(seconds);
        int grants = 0;
        for (; TimeProvider.System.GetUtcNow() < end; grants++)
        {
            acquire();
            Thread.Sleep(WorkMs);
            release();
        }

        Console.WriteLine(grants);
    }

    private static void Lock(SafeFileHandle file, int operation)
    {
        if (Flock(file, operation) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
