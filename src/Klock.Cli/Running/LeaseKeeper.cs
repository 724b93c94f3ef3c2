using Klock.Cli.Doors;
using Klock.Cli.Output;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>Renews leases while a command runs, and tells when one is lost.</summary>
/// <remarks>
/// A holder counts from when it sent its last successful request (KLIS-4). So a clock of our own runs out somewhat before the ttl
/// does, whatever the renewal hangs on: a lease that cannot be renewed is lost before anybody else can get it. One that an operator has
/// revoked is noticed within a second: the leases of the session are read twice a second.
/// </remarks>
internal sealed class LeaseKeeper : IDisposable
{
    /// <summary>Why they are lost when nobody renewed them.</summary>
    public const string OutOfTime = "The leases could not be renewed in time.";

    // Of the ttl: how often it is renewed, how soon a failure is tried again, how long an answer may take, how long before its end it
    // counts as lost.
    private const int RenewalsATtl = 3;
    private const int TriesATtl = 30;
    private const int PatiencesATtl = 5;
    private const int MarginsATtl = 20;

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);

    private readonly IDoor _door;
    private readonly HeldLeases _leases;
    private readonly Action<long> _extended;
    private readonly Action<string> _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _alarm;
    private Thread? _thread;
    private long _sentAt;
    private int _isLost;
    private bool _isOutOfTime;

    /// <param name="door">Where the leases are; used by this thread alone while it runs.</param>
    /// <param name="leases">Which.</param>
    /// <param name="sentAt">When the request that got them, or renewed them last, was sent, on the door's clock.</param>
    /// <param name="extended">Is told each time they were renewed, on some thread, until when they last on that clock.</param>
    /// <param name="lost">Is told once, with a sentence, on some thread, when one is lost.</param>
    public LeaseKeeper(IDoor door, HeldLeases leases, long sentAt, Action<long> extended, Action<string> lost)
    {
        (_door, _leases, _sentAt, _extended, _lost) = (door, leases, sentAt, extended, lost);
        _alarm = TimeProvider.System.CreateTimer(_ => LookAtTheClock(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetAlarm();
    }

    /// <summary>When they count as lost unless they are renewed before, on the door's clock.</summary>
    public long Until => Volatile.Read(ref _sentAt) + NsOf(_leases.Ttl - (_leases.Ttl / MarginsATtl));

    /// <summary>Whether they are lost because nobody renewed them in time: so there is nobody to be asked to release them.</summary>
    public bool IsOutOfTime => Volatile.Read(ref _isOutOfTime);

    private bool IsLost => Volatile.Read(ref _isLost) != 0;

    /// <summary>Starts to renew.</summary>
    public void Start()
    {
        _thread = new Thread(Keep) { IsBackground = true, Name = "lease keeper" };
        _thread.Start();
    }

    /// <summary>Stops; no lease counts as lost from now on that was not before.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _alarm.Dispose();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Keep()
    {
        TimeSpan renewal = _leases.Ttl / RenewalsATtl, retry = Shorter(_look, _leases.Ttl / TriesATtl), pause = Shorter(_look, renewal / 2);
        for (TimeSpan next = pause; !_stop.Token.WaitHandle.WaitOne(next) && !IsLost;)
        {
            bool isAnswered = TryAsk(_door.Clock.GetElapsedTime(_sentAt) >= renewal ? Renew : Look);
            next = isAnswered ? pause : retry;
        }
    }

    // Whoever cannot be reached may be there again in time.
    private static bool TryAsk(Action ask)
    {
        try
        {
            ask();
            return true;
        }
        catch (Exception failure) when (failure is CliFailure or OperationCanceledException)
        {
            return false;
        }
    }

    private void Renew()
    {
        long sentAt = _door.Clock.GetTimestamp();
        if (_leases.Renew(Ask) is { } why)
        {
            Lose(why);
        }
        else if (!_stop.IsCancellationRequested)
        {
            Volatile.Write(ref _sentAt, sentAt);
            SetAlarm();
            _extended(Until);
        }
    }

    private void Look()
    {
        // A renewal tells what became of it.
        if (!_leases.AreThere(Ask))
        {
            Renew();
        }
    }

    private Answer Ask(Operation operation, ReadOnlyMemory<byte> request)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_leases.Ttl / PatiencesATtl);
        return _door.Ask(operation, request, limit.Token);
    }

    private void SetAlarm()
    {
        var left = TimeSpan.FromTicks(Math.Max(0, (Until - _door.Clock.GetTimestamp()) / TimeSpan.NanosecondsPerTick));
        _alarm.Change(left, Timeout.InfiniteTimeSpan);
    }

    // The alarm may be late, as after a suspension, and rounds to ms; the clock decides.
    private void LookAtTheClock()
    {
        if (_door.Clock.GetTimestamp() < Until)
        {
            SetAlarm();
            return;
        }

        Volatile.Write(ref _isOutOfTime, true);
        Lose(OutOfTime);
    }

    private void Lose(string why)
    {
        if (!_stop.IsCancellationRequested && Interlocked.Exchange(ref _isLost, 1) == 0)
        {
            _lost(why);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static long NsOf(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
