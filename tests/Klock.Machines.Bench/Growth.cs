namespace Klock.Machines.Bench;

/// <summary>How large an engine's data gets under a load that goes on all day: <c>bench machines growth</c>.</summary>
/// <remarks>
/// One command is one append, as at that rate: batches take less for each event. The size depends on what is kept, which is counted in
/// events and bytes, and in minutes of that load. What the engine does by a clock of its own it does too seldom: autovacuum, checkpoints.
/// </remarks>
internal static class Growth
{
    /// <summary>The load.</summary>
    public const int EventsPerSecond = 250;

    private const int SecondsADay = 86_400;
    private const int EventsAPair = 2;
    private const int HeldAtOnce = 100;
    private const int Held = 10_000;
    private const int Rows = 20;
    private const double GoalMiB = 1_000;
    private const double MiB = 1024 * 1024;

    /// <summary>Writes so many events, and a table of what the engine has on its disk.</summary>
    public static async Task RunAsync(IEngine engine, CountedTime time, long events)
    {
        using var server = new Server(engine, Programs.NewName("g"), 0);
        for (int part = 0; part < Held / HeldAtOnce; part++)
        {
            await new Caller(server.Coordinator, $"agent{part}").AcquireManyAsync($"/project/held{part}", HeldAtOnce);
        }

        double share = 100.0 * events / EventsPerSecond / SecondsADay;
        Write($"\n{engine.Name}: {events:N0} events, {share:0.0} % of a day at {EventsPerSecond} a second; {Held:N0} leases are held\n");
        Write($"| events | hours of load | data, MiB | log, MiB | events/s |");
        Write($"|---:|---:|---:|---:|---:|");
        var caller = new Caller(server.Coordinator, "worker");
        List<double> sizes = [];
        for (int row = 1; row <= Rows; row++)
        {
            long start = TimeProvider.System.GetTimestamp(), before = time.GetTimestamp(), until = events * row / Rows;
            while (time.GetTimestamp() < until)
            {
                string lease = await caller.AcquireAsync($"/project/src/component{time.GetTimestamp() % 5_000}/file.ts");
                await caller.ReleaseAsync(lease);
                time.Add(EventsAPair);
            }

            caller.TookMs.Clear();
            long done = time.GetTimestamp();
            double perSecond = (done - before) / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            (double data, double log) = SizeOf(engine.Folder);
            sizes.Add(data);
            double hours = (double)done / EventsPerSecond / 3_600;
            Write($"| {done:N0} | {hours:0.00} | {data:0.0} | {log:0.0} | {perSecond:N0} |");
        }

        double most = sizes.Max(), mostEarly = sizes.Take(Rows / 2).Max();
        string told = most > GoalMiB ? "**missed**" : "met";
        Write($"\nThe most: {most:0.0} MiB of data, in the first half {mostEarly:0.0}; goal for a day ≤ {GoalMiB:N0}: {told}");
    }

    // What is written ahead is the engine's to bound, whoever uses it.
    private static (double Data, double Log) SizeOf(string folder)
    {
        double data = 0, log = 0;
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            try
            {
                bool isLog = file.DirectoryName!.Split(Path.DirectorySeparatorChar).Any(static name => name is "wal" or "pg_wal");
                (data, log) = isLog ? (data, log + file.Length) : (data + file.Length, log);
            }
            catch (FileNotFoundException)
            {
                // It was dropped meanwhile.
            }
        }

        return (data / MiB, log / MiB);
    }

    private static void Write(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
