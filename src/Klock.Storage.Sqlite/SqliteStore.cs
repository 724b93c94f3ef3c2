using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Holders;
using Klock.Storage.Sqlite.Journal;
using Klock.Storage.Sqlite.Waking;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite;

/// <summary>State in one SQLite file that many processes share without a server.</summary>
/// <remarks>
/// Commands that arrive together run in one write transaction (<see cref="GroupCommit{T}"/>): catch up on what others wrote, decide on the
/// replica, write the events and the rows they change, commit. So every decision sees every committed change. The flush is waited for
/// outside the transaction, while others write already, but before any answer that depends on it (<see cref="AwaitFlush"/>).
/// When anything fails the replica is discarded, since it may have what the file has not, and the next command loads it again.
/// </remarks>
internal sealed class SqliteStore : IStore
{
    // How long another process's commit may go unnoticed while somebody waits here. A check costs some microseconds.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    // The same where a process is woken by whoever ends its wait: what is left are changes that make something due earlier, processes
    // that were killed, and those whose wake-ups do not get here.
    private static readonly TimeSpan WokenPoll = TimeSpan.FromMilliseconds(25);

    // Well within LeaseTable.WaitKeepAliveMs, so that one slow commit does not cost a place in the queue.
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(1.5);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly GroupCommit<Commitment> _commits;
    private readonly SqliteJournal _journal;
    private readonly SqliteReplica _replica;
    private readonly WakeUps _wakeUps;
    private long _keptAliveAt;
    private bool _closed;

    /// <summary>Opens the file, and creates it when there is none.</summary>
    /// <param name="location">The file and its options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ownerId">The id under which this process waits: 128 random bits.</param>
    /// <param name="process">The process that leases are bound to; null to bind them to none.</param>
    /// <exception cref="KlockException">It cannot be opened, or is not a store.</exception>
    public SqliteStore(SqliteLocation location, TimeProvider time, LeaseId ownerId, HolderProcess? process)
    {
        _path = location.Path;
        _time = time;
        _wakeUps = new WakeUps(ownerId);
        Waits = new LocalWaits(ownerId, bindsLeases: process is not null) { EndedElsewhere = _wakeUps.Note };
        _journal = new SqliteJournal(location, time);
        _replica = new SqliteReplica(_journal, Waits, _wakeUps, new HolderWatch(ownerId, process, time));
        _commits = new GroupCommit<Commitment>(Commit, AwaitFlush);
        Guarded_NeedsLock(() => _journal.Open(mayMake: true));
    }

    public LocalWaits Waits { get; }

    IWakeUps? IStore.WakeUps
    {
        get
        {
            lock (_lock)
            {
                return _closed ? null : _wakeUps.Own;
            }
        }
    }

    public void Execute(IStoreCommand command) => _commits.Execute(command);

    public void Read(IStoreCommand reading)
    {
        Commitment shown;
        lock (_lock)
        {
            ThrowIfClosed_NeedsLock();
            shown = Guarded_NeedsLock(() => Show_NeedsLock(reading));
        }

        AwaitFlush(shown);
    }

    public void Tick()
    {
        try
        {
            Commitment seen;
            lock (_lock)
            {
                if (_closed)
                {
                    return;
                }

                seen = Guarded_NeedsLock(Look_NeedsLock);
            }

            // Otherwise nobody is answered anything, so nothing has to be flushed.
            if (Waits.HasAnswered)
            {
                AwaitFlush(seen);
            }
        }
        catch
        {
            lock (_lock)
            {
                Waits.GiveUp(_journal.NowMs);
            }

            throw;
        }
    }

    public TimeSpan UntilNextTick(bool isWoken)
    {
        TimeSpan poll = isWoken ? WokenPoll : Poll;
        lock (_lock)
        {
            long dueInMs = _replica.NextDueMs - _journal.NowMs;
            return dueInMs >= poll.TotalMilliseconds ? poll : TimeSpan.FromMilliseconds(Math.Max(dueInMs, 0));
        }
    }

    public long ReadEvents(long after, int limit, IEventSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        long beforeOldest = 0;
        Commitment shown;
        lock (_lock)
        {
            ThrowIfClosed_NeedsLock();
            shown = Guarded_NeedsLock(() =>
            {
                if (!_replica.TryFollow() || _replica.HasPendingRefusals || IsAnythingDue_NeedsLock())
                {
                    Transact_NeedsLock([new TellRefusals()]);
                }

                (beforeOldest, long head) = _journal.Read(after, limit, sink);
                return _journal.Committed(head);
            });
        }

        AwaitFlush(shown);
        return beforeOldest;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                if (!Waits.IsEmpty)
                {
                    AwaitFlush(Guarded_NeedsLock(() => Transact_NeedsLock([new CloseWaits()])));
                }

                // Nobody was promised that the event of a refusal is stored, so it is not flushed.
                if (_replica.HasPendingRefusals)
                {
                    Guarded_NeedsLock(() => Transact_NeedsLock([new TellRefusals()]));
                }
            }
            catch (KlockException)
            {
                // The store fails: the waits stay in its file until their keep-alive is over, which nobody renews any more.
            }

            _closed = true;
            _journal.NoteNumbers();
            Drop_NeedsLock();
            Waits.CloseAll();
            _wakeUps.Dispose();
        }
    }

    private Commitment Commit(IReadOnlyList<IStoreCommand> commands)
    {
        lock (_lock)
        {
            ThrowIfClosed_NeedsLock();
            return Guarded_NeedsLock(() => Transact_NeedsLock(commands));
        }
    }

    private Commitment Transact_NeedsLock(IReadOnlyList<IStoreCommand> commands)
    {
        _journal.Begin();
        long promised = _replica.Decide(commands);
        _journal.Append(_replica.Decided);
        _journal.Commit();
        _wakeUps.Send();
        _journal.Maintain();
        return _journal.Committed(promised);
    }

    /// <summary>Applies what other processes wrote, sends a keep-alive, and does what is due.</summary>
    private Commitment Look_NeedsLock()
    {
        bool keepsAlive = !Waits.IsEmpty && _time.GetElapsedTime(_keptAliveAt) >= KeepAliveEvery;
        if (_replica.TryFollow() && !keepsAlive && !IsAnythingDue_NeedsLock())
        {
            return _journal.Committed(_replica.Sequence);
        }

        Commitment alive = Transact_NeedsLock([new KeepWaitsAlive()]);
        _keptAliveAt = _time.GetTimestamp();
        return alive;
    }

    // No writer is blocked, and nothing is written.
    private Commitment Show_NeedsLock(IStoreCommand reading)
    {
        if (!_replica.TryFollow())
        {
            return Transact_NeedsLock([reading]);
        }

        _replica.Show(reading);
        return _journal.Committed(_replica.Sequence);
    }

    private bool IsAnythingDue_NeedsLock() => _replica.NextDueMs <= _journal.NowMs;

    /// <summary>
    /// Returns when what was committed, by whichever process, may be answered: it is on the disk, or the store does not wait for that.
    /// Completes the waits that it ended.
    /// </summary>
    private void AwaitFlush(Commitment commitment, Action? begins = null)
    {
        try
        {
            _journal.AwaitFlush(commitment, begins);
        }
        catch (IOException failure)
        {
            lock (_lock)
            {
                // Not when another thread, after the same failure, has opened the file again.
                if (_journal.HasStill(commitment))
                {
                    Drop_NeedsLock();
                }
            }

            throw Failed("what was just granted or changed may be lost", failure);
        }

        Waits.CompleteAnswered(commitment.Sequence);
    }

    private void ThrowIfClosed_NeedsLock()
    {
        if (_closed)
        {
            throw new KlockException(ErrorCode.Closed, "The store is closed.");
        }
    }

    private void Guarded_NeedsLock(Action action) => Guarded_NeedsLock(() =>
    {
        action();
        return true;
    });

    private T Guarded_NeedsLock<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure)
        {
            Drop_NeedsLock(wentBack: failure is WentBackException);
            if (failure is SqliteException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw Failed("nothing was granted or changed", failure);
            }

            throw;
        }
    }

    private KlockException Failed(string what, Exception failure) => new(
        ErrorCode.StorageUnavailable, $"The store {_path} failed, and {what}: {failure.Message.TrimEnd('.')}.", failure);

    private void Drop_NeedsLock(bool wentBack = false)
    {
        try
        {
            _journal.Close(wentBack);
        }
        finally
        {
            _replica.Drop();
        }
    }
}
