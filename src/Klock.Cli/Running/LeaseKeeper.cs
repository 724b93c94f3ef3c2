using Klock.Cli.Doors;
using Klock.Cli.Output;
using Klock.Coordinator;

namespace Klock.Cli.Running;

/// <summary>Renews leases while a command runs, and tells when one is lost.</summary>
/// <remarks>
/// A holder counts from when it sent its last successful request (KLIS-4). So a clock of our own runs out somewhat before the ttl
/// does, whatever the renewal hangs on: a lease that cannot be renewed is lost before anybody else can get it.
/// </remarks>
internal sealed class LeaseKeeper : IDisposable
{
    // Of the ttl: how often it is renewed, how soon a failure is tried again, how long before its end it counts as lost.
    private const int RenewalsATtl = 3;
    private const int TriesATtl = 30;
    private const int MarginsATtl = 20;

    private readonly IDoor _door;
    private readonly string[] _leaseIds;
    private readonly TimeSpan _ttl;
    private readonly Action<string> _lost;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _deadline;
    private Thread? _thread;
    private int _isLost;
    private bool _isOutOfTime;

    /// <param name="door">Where the leases are; used by this thread alone while it runs.</param>
    /// <param name="leaseIds">Which.</param>
    /// <param name="ttl">What each of them lasts.</param>
    /// <param name="sentAt">The timestamp of when the request that got them, or renewed them last, was sent.</param>
    /// <param name="lost">Is told once, with a sentence, on some thread, when one is lost.</param>
    public LeaseKeeper(IDoor door, string[] leaseIds, TimeSpan ttl, long sentAt, Action<string> lost)
    {
        (_door, _leaseIds, _ttl, _lost) = (door, leaseIds, ttl, lost);
        _deadline = _time.CreateTimer(_ => RunOutOfTime(), null, Left(sentAt), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether they are lost because nobody renewed them in time: so there is nobody to be asked to release them.</summary>
    public bool IsOutOfTime => Volatile.Read(ref _isOutOfTime);

    /// <summary>Whether any is lost.</summary>
    public bool IsLost => Volatile.Read(ref _isLost) != 0;

    /// <summary>Renews each of them once.</summary>
    /// <returns>Why one is lost; null when none is.</returns>
    public static string? RenewAll(IDoor door, string[] leaseIds, CancellationToken cancel)
    {
        foreach (string id in leaseIds)
        {
            Answer answer = door.Ask(Operation.Heartbeat, Request.OnLease(id), cancel);
            if (!answer.IsSuccess)
            {
                return answer.Code is "EXPIRED" or "UNKNOWN_LEASE" ? answer.Sentence
                    : throw new CliFailure(ExitCode.Of(answer), answer.Sentence);
            }
        }

        return null;
    }

    /// <summary>Starts to renew.</summary>
    public void Start()
    {
        _thread = new Thread(Renew) { IsBackground = true, Name = "lease keeper" };
        _thread.Start();
    }

    /// <summary>Stops; no lease counts as lost from now on that was not before.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _deadline.Dispose();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Renew()
    {
        TimeSpan pause = _ttl / RenewalsATtl;
        while (!_stop.Token.WaitHandle.WaitOne(pause) && !IsLost)
        {
            pause = TryRenew() ? _ttl / RenewalsATtl : _ttl / TriesATtl;
        }
    }

    private bool TryRenew()
    {
        long sentAt = _time.GetTimestamp();
        try
        {
            if (RenewAll(_door, _leaseIds, _stop.Token) is { } why)
            {
                Lose(why);
            }
            else if (!_stop.IsCancellationRequested)
            {
                _deadline.Change(Left(sentAt), Timeout.InfiniteTimeSpan);
            }

            return true;
        }
        catch (Exception failure) when (failure is CliFailure or OperationCanceledException)
        {
            // Whoever cannot be reached may be there again in time.
            return false;
        }
    }

    private TimeSpan Left(long sentAt)
    {
        TimeSpan left = _ttl - (_ttl / MarginsATtl) - _time.GetElapsedTime(sentAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void RunOutOfTime()
    {
        Volatile.Write(ref _isOutOfTime, true);
        Lose("The leases could not be renewed in time.");
    }

    private void Lose(string why)
    {
        if (!_stop.IsCancellationRequested && Interlocked.Exchange(ref _isLost, 1) == 0)
        {
            _lost(why);
        }
    }
}
