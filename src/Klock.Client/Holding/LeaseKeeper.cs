namespace Klock.Client.Holding;

/// <summary>Keeps leases: renews them, notices when one is lost, and releases them (docs/architecture.md, "Holding a lease").</summary>
/// <remarks>
/// A thread renews and looks. A timer of its own runs out when the leases count as lost, whatever the thread hangs on.
/// </remarks>
public sealed class LeaseKeeper : IDisposable
{
    /// <summary>Why they are lost when nobody renewed them.</summary>
    public const string OutOfTime = "The leases could not be renewed in time.";

    private readonly IHeldLeases _leases;
    private readonly TimeProvider _clock;
    private readonly Action<long> _extended;
    private readonly Action<string> _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly LeaseRenewer _renewer;
    private readonly Lock _lock = new();
    private readonly ITimer _alarm;
    private Thread? _thread;
    private long _sentAt;
    private bool _isLost;
    private bool _isOutOfTime;
    private bool _isOver;

    /// <param name="leases">Which; asked by one thread at a time.</param>
    /// <param name="clock">By which they are counted.</param>
    /// <param name="sentAt">When the request that got them was sent.</param>
    /// <param name="extended">Is told each time they were renewed, on some thread, until when they last.</param>
    /// <param name="lost">Is told once, with a sentence, on some thread, when one is lost.</param>
    public LeaseKeeper(IHeldLeases leases, TimeProvider clock, long sentAt, Action<long> extended, Action<string> lost)
    {
        (_leases, _clock, _sentAt, _extended, _lost) = (leases, clock, sentAt, extended, lost);
        _renewer = new LeaseRenewer(leases);
        _alarm = TimeProvider.System.CreateTimer(_ => LookAtTheClock(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetAlarm_NeedsLock();
    }

    /// <summary>When they count as lost unless they are renewed before, on their clock.</summary>
    public long Until => Volatile.Read(ref _sentAt) + TicksOf(HoldingRules.Sure(_leases.Ttl));

    private TimeSpan Left => HoldingRules.Sure(_leases.Ttl) - _clock.GetElapsedTime(Volatile.Read(ref _sentAt));

    private TimeSpan UntilDue => HoldingRules.Renewal(_leases.Ttl) - _clock.GetElapsedTime(_sentAt);

    // A look, or before that a renewal. In whole ms, as a thread sleeps.
    private TimeSpan UntilNext =>
        TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(UntilDue.TotalMilliseconds), 0, HoldingRules.LookEveryMs));

    private bool IsLost => Volatile.Read(ref _isLost);

    /// <summary>Starts to renew.</summary>
    public void Start()
    {
        _thread = new Thread(Keep) { IsBackground = true, Name = "lease keeper" };
        _thread.Start();
    }

    /// <summary>Ends it. No lease counts as lost from now on that was not before; those that may be there are released.</summary>
    /// <returns>That one had ended before, or why one could not be released; done when they were known to be lost.</returns>
    public LeaseAnswer Release()
    {
        LookAtTheClock();
        Stop();
        if (_isOutOfTime)
        {
            return LeaseAnswer.Done;
        }

        TimeSpan patience = Left < HoldingRules.ReleasePatience ? Left : HoldingRules.ReleasePatience;
        LeaseAnswer answer = new LeaseReleaser(_leases, _clock, patience).Release(_renewer.Living);
        return answer.Kind is LeaseAnswerKind.Ended && IsLost ? LeaseAnswer.Done : answer;
    }

    /// <summary>Ends it, and releases nothing.</summary>
    public void Dispose()
    {
        Stop();
        _alarm.Dispose();
        _stop.Dispose();
    }

    private void Stop()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        _stop.Cancel();
        _thread?.Join();
        _thread = null;
    }

    private void Keep()
    {
        for (TimeSpan pause = UntilNext; !_stop.Token.WaitHandle.WaitOne(pause) && !IsLost;)
        {
            bool isAnswered = UntilDue <= TimeSpan.Zero ? TryToRenew() : TryToLook();
            pause = isAnswered ? UntilNext : HoldingRules.Retry(_leases.Ttl);
        }
    }

    private bool TryToRenew()
    {
        LookAtTheClock();
        if (IsLost)
        {
            return true;
        }

        long sentAt = _clock.GetTimestamp();
        LeaseAnswer answer = _renewer.Renew(HoldingRules.Patience(Left), _stop.Token);
        if (answer.Kind is LeaseAnswerKind.Ended)
        {
            Lose(answer.Sentence, isOutOfTime: false);
        }
        else if (answer.Kind is LeaseAnswerKind.Done)
        {
            Extend(sentAt);
        }

        return answer.Kind is LeaseAnswerKind.Done or LeaseAnswerKind.Ended;
    }

    // False when a renewal that it led to failed; a look that failed was none.
    private bool TryToLook()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(HoldingRules.AtLeastShortest(UntilDue));
        // A renewal tells what became of one that is missing.
        return _leases.Look(limit.Token).Kind is not LeaseAnswerKind.Ended || TryToRenew();
    }

    private void Extend(long sentAt)
    {
        // It may have come too late.
        LookAtTheClock();
        lock (_lock)
        {
            if (_isOver || _isLost)
            {
                return;
            }

            Volatile.Write(ref _sentAt, sentAt);
            SetAlarm_NeedsLock();
        }

        _extended(Until);
    }

    private void SetAlarm_NeedsLock()
    {
        TimeSpan left = Left;
        _alarm.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    // The alarm may be late, as after a suspension, and rounds to ms; the clock decides.
    private void LookAtTheClock()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            if (_clock.GetTimestamp() < Until)
            {
                SetAlarm_NeedsLock();
                return;
            }
        }

        Lose(OutOfTime, isOutOfTime: true);
    }

    private void Lose(string why, bool isOutOfTime)
    {
        lock (_lock)
        {
            if (_isOver || _isLost)
            {
                return;
            }

            _isOutOfTime = isOutOfTime;
            Volatile.Write(ref _isLost, true);
        }

        _lost(why);
    }

    private long TicksOf(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);
}
