namespace Klock.Native.Testing;

/// <summary>A clock that stands still until a test sets it.</summary>
/// <param name="nowMs">Its first time, in ms since 1970, UTC.</param>
internal sealed class TestClock(long nowMs) : TimeProvider
{
    private long _nowMs = nowMs;

    /// <summary>The time it shows, in ms since 1970, UTC. Set it from any thread.</summary>
    public long NowMs
    {
        get => Volatile.Read(ref _nowMs);
        set => Volatile.Write(ref _nowMs, value);
    }

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    /// <inheritdoc />
    public override long GetTimestamp() => NowMs * TimeSpan.TicksPerMillisecond;
}
