namespace Klock.Storage.Tests.Harness;

/// <summary>A wall clock that somebody sets, beside a monotonic clock that nobody can.</summary>
/// <param name="wallMs">The wall clock at first, in ms since 1970, UTC.</param>
internal sealed class JumpingClock(long wallMs) : TimeProvider
{
    private long _monotonicMs = 5_000;

    public long WallMs { get; set; } = wallMs;

    public override long TimestampFrequency => 1_000;

    public void AdvanceBoth(long ms)
    {
        WallMs += ms;
        _monotonicMs += ms;
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(WallMs);

    public override long GetTimestamp() => _monotonicMs;
}
