namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>One machine's clock: minutes ahead or behind, and a little too fast or too slow.
/// A timer moves the real time on and fires.</summary>
/// <param name="real">The real time.</param>
/// <param name="aheadMs">How far ahead it is at the start, in ms.</param>
/// <param name="perMille">How much faster it goes than the real time.</param>
internal sealed class WrongClock(Real real, long aheadMs, int perMille) : TimeProvider
{
    private static readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => real.NowUs * (1_000 + perMille) / 1_000;

    public override DateTimeOffset GetUtcNow() => _start.AddMilliseconds(aheadMs).AddMicroseconds(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        real.NowUs += (long)dueTime.TotalMicroseconds;
        callback(state);
        return new Fired();
    }

    private sealed class Fired : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
