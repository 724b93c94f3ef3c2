namespace Klock.Machines.Bench;

/// <summary>From the release of a lease at one server to the answer of who waits for it at another one.</summary>
internal static class WakeUps
{
    private const int Rounds = 300;
    private const int WarmUp = 50;

    /// <summary>How long that takes, p50 and p95, in ms.</summary>
    public static async Task<(double P50Ms, double P95Ms)> MeasureAsync(IEngine engine)
    {
        string journal = Programs.NewName("w");
        using var one = new Server(engine, journal, 0);
        using var another = new Server(engine, journal, 1);
        (Caller holder, Caller waiter) = (new Caller(one.Coordinator, "holder"), new Caller(another.Coordinator, "waiter"));
        var tookMs = new List<double>();
        for (int round = 0; round < WarmUp + Rounds; round++)
        {
            string held = await holder.AcquireAsync("/project/one");
            Task<string> waiting = waiter.AcquireAsync("/project/one", waitMs: 30_000);

            // It waits by then.
            await Task.Delay(20);
            long start = TimeProvider.System.GetTimestamp();
            Task released = holder.ReleaseAsync(held);
            string got = await waiting;
            if (round >= WarmUp)
            {
                tookMs.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            }

            await released;
            await waiter.ReleaseAsync(got);
        }

        tookMs.Sort();
        return (tookMs[tookMs.Count / 2], tookMs[tookMs.Count * 95 / 100]);
    }
}
