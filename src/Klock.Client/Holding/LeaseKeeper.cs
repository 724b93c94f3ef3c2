namespace Klock.Client.Holding;

/// <summary>Keeps leases: renews them, notices when one is lost, and releases them (docs/architecture.md, "Holding a lease").</summary>
/// <remarks>
/// A thread renews and checks. A separate timer fires when the leases count as lost, even if the thread hangs.
/// </remarks>
public sealed class LeaseKeeper : IDisposable
{
    /// <summary>The reason when they were lost because nothing renewed them.</summary>
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

    /// <param name="leases">The leases; called by one thread at a time.</param>
    /// <param name="clock">The clock of the leases.</param>
    /// <param name="sentAt">When the request that got them was sent.</param>
    /// <param name="extended">Called each time they were renewed, on some thread, with the time until which they last.</param>
    /// <param name="lost">Called once, with a sentence, on some thread, when one is lost.</param>
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

    // The next check, or before that a renewal. In whole ms, as a thread sleeps.
    private TimeSpan UntilNext =>
        TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(UntilDue.TotalMilliseconds), 0, HoldingRules.LookEveryMs));

    private bool IsLost => Volatile.Read(ref _isLost);

    /// <summary>Starts the renewals.</summary>
    public void Start()
    {
        _thread = new Thread(Keep) { IsBackground = true, Name = "lease keeper" };
        _thread.Start();
    }

    /// <summary>Stops. No lease counts as lost from now on that was not before; those that may be there are released.</summary>
    /// <returns>That one had ended before, or why one could not be released; success when they were known to be lost.</returns>
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

    /// <summary>Stops, and releases nothing.</summary>
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

    // False when a renewal that followed from it failed; a check that failed counts as none.
    private bool TryToLook()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(HoldingRules.AtLeastShortest(UntilDue));
        // The renewal of a missing lease answers how it ended.
        return _leases.Look(limit.Token).Kind is not LeaseAnswerKind.Ended || TryToRenew();
    }

    private void Extend(long sentAt)
    {
        // The answer may have come too late.
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

    // The timer may be late, as after a suspension, and rounds to ms; the clock decides.
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
