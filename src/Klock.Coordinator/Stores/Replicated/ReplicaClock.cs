namespace Klock.Coordinator.Stores.Replicated;

/// <summary>
/// A store's own time: the wall clock when it was made, and monotonic time since then, without the time in which its journal did not
/// answer. So no other machine's clock moves it, and nothing runs out while nobody could renew it.
/// </summary>
/// <remarks>Not thread-safe, but for <see cref="NowMs"/>.</remarks>
internal sealed class ReplicaClock
{
    // An answer that takes no longer than this is an ordinary one: a busy store waits for one nearly all the time.
    private const long GraceMs = 1_000;

    private readonly TimeProvider _time;
    private readonly long _startMs;
    private readonly long _startedAt;
    private long _lostMs;
    private long _askedAtMs = long.MaxValue;

    public ReplicaClock(TimeProvider time)
    {
        _time = time;
        _startMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        _startedAt = time.GetTimestamp();
    }

    /// <summary>In ms since 1970, as far as the wall clock was right at the start.</summary>
    public long NowMs
    {
        get
        {
            long passedMs = PassedMs, askedAtMs = Volatile.Read(ref _askedAtMs);
            long latestMs = askedAtMs == long.MaxValue ? passedMs : Math.Min(passedMs, askedAtMs + GraceMs);
            return _startMs + latestMs - Volatile.Read(ref _lostMs);
        }
    }

    /// <summary>The same, but it runs on while the journal does not answer: for those who wait for an answer, and not for leases.</summary>
    public long RunningMs => _startMs + PassedMs - Volatile.Read(ref _lostMs);

    private long PassedMs => (long)_time.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>The journal is asked something.</summary>
    public void Asked() => Volatile.Write(ref _askedAtMs, PassedMs);

    /// <summary>The journal has answered.</summary>
    public void Answered()
    {
        long silentMs = PassedMs - _askedAtMs;
        if (silentMs > GraceMs)
        {
            _lostMs += silentMs - GraceMs;
        }

        Volatile.Write(ref _askedAtMs, long.MaxValue);
    }
}
