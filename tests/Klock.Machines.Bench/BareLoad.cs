using Klock.Coordinator.Stores.Replicated;

namespace Klock.Machines.Bench;

/// <summary>What the engine's own appends do, one after the other.</summary>
/// <param name="PerSecond">How many of them.</param>
/// <param name="P50Ms">How long one takes.</param>
internal sealed record BareLoad(double PerSecond, double P50Ms)
{
    private const int WarmUp = 200;

    /// <summary>Measures batches of one size.</summary>
    public static async Task<BareLoad> MeasureAsync(IEngine engine, JournalBatch batch, TimeSpan time)
    {
        using IBareAppends bare = await engine.OpenBareAsync();
        long next = 1;
        for (int i = 0; i < WarmUp; i++)
        {
            await bare.AppendAsync(Next(batch, ref next));
        }

        var tookMs = new List<double>();
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < time)
        {
            long sent = TimeProvider.System.GetTimestamp();
            await bare.AppendAsync(Next(batch, ref next));
            tookMs.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
        }

        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        tookMs.Sort();
        return new BareLoad(tookMs.Count / seconds, tookMs[tookMs.Count / 2]);
    }

    private static JournalBatch Next(JournalBatch batch, ref long next)
    {
        long first = next;
        next += batch.Events.Count;
        return batch with { Events = [.. batch.Events.Select((happened, i) => happened with { Sequence = first + i })] };
    }
}
