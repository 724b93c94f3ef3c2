using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Sqlite.Holders;
using Klock.Storage.Sqlite.Journal;
using Klock.Storage.Sqlite.Waking;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite;

/// <summary>State in one SQLite file that many processes share without a server.</summary>
/// <remarks>
/// Commands that arrive together run in one write transaction: catch up on what others wrote, decide on the replica, write the
/// events and the rows they change, commit. So every decision sees every committed change. The flush is waited for outside the
/// transaction, while others write already, but before any answer that depends on it (<see cref="AwaitFlush"/>).
/// When anything fails the replica is discarded, since it may have what the file has not, and the next command loads it again.
/// </remarks>
internal sealed partial class SqliteStore : IStore, IEventSink
{
    // How long another process's commit may go unnoticed while somebody waits here. A check costs some microseconds.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    // The same where a process is woken by whoever ends its wait: what is left are changes that make something due earlier, processes
    // that were killed, and those whose wake-ups do not get here.
    private static readonly TimeSpan WokenPoll = TimeSpan.FromMilliseconds(25);

    // Well within LeaseTable.WaitKeepAliveMs, so that one slow commit does not cost a place in the queue.
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(1.5);

    private readonly SqliteLocation _location;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<Event> _events = [];
    private readonly GroupCommit<Commitment> _commits;
    private readonly HolderWatch _holders;
    private readonly Pruner _pruner;
    private readonly SqliteJournal _journal = new();
    private readonly PublishedNumbers _published = new();
    private readonly SharedSessions _sharing;
    private readonly WakeUps _wakeUps;
    private SqliteFile? _file;
    private StoreClock? _clock;
    private SharedFlush? _flush;
    private bool _needsReflush;
    private long _ceiling;
    private LeaseTable? _replica;

    // How many commands may load only a part of the state, before this counts as a long-lived process. After a failure all is loaded.
    private int _partsLeft = 16;
    private long _dataVersion;
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
        _location = location;
        _time = time;
        _wakeUps = new WakeUps(ownerId);
        Waits = new LocalWaits(ownerId, bindsLeases: process is not null) { EndedElsewhere = _wakeUps.Note };
        _holders = new HolderWatch(ownerId, process, time);
        _sharing = new SharedSessions((one, other) => _holders.AreTwoLive(_file!, one, other));
        _pruner = new Pruner(location.History);
        _commits = new GroupCommit<Commitment>(Commit, AwaitFlush);
        Guarded_NeedsLock(() => OpenFile_NeedsLock(mayMake: true));
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
                Waits.GiveUp(NowMs_NeedsLock());
            }

            throw;
        }
    }

    public TimeSpan UntilNextTick(bool isWoken)
    {
        TimeSpan poll = isWoken ? WokenPoll : Poll;
        lock (_lock)
        {
            long dueInMs = _replica is null ? 0 : _replica.NextDueMs - NowMs_NeedsLock();
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
                if (!TryFollow_NeedsLock() || _replica!.HasPendingRefusals || _replica.NextDueMs <= NowMs_NeedsLock())
                {
                    Transact_NeedsLock([new DoWhatIsDue()]);
                }

                _file!.Statement("BEGIN").Run();
                beforeOldest = SqliteJournal.Read(_file, after, limit, sink);
                long head = HeadRow.Read(_file).Sequence;
                _file.Statement("COMMIT").Run();
                return Committed_NeedsLock(head);
            });
        }

        AwaitFlush(shown);
        return beforeOldest;
    }

    public void Append(in Event happened) => _events.Add(happened);

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
                if (_replica is { HasPendingRefusals: true })
                {
                    Guarded_NeedsLock(() => Transact_NeedsLock([new DoWhatIsDue()]));
                }
            }
            catch (KlockException)
            {
                // The store fails: the waits stay in its file until their keep-alive is over, which nobody renews any more.
            }

            _closed = true;
            _published.Note(_file);
            DropReplica_NeedsLock();
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

    /// <summary>
    /// Returns when what was committed, by whichever process, may be answered: it is on the disk, or the store does not wait for that.
    /// Completes the waits that it ended.
    /// </summary>
    private void AwaitFlush(Commitment commitment, Action? begins = null)
    {
        try
        {
            commitment.Flush.Cover(commitment.Sequence, begins);
        }
        catch (IOException failure)
        {
            lock (_lock)
            {
                // Not when another thread, after the same failure, has opened the file again.
                if (_flush == commitment.Flush)
                {
                    DropReplica_NeedsLock();
                }
            }

            throw Failed("what was just granted or changed may be lost", failure);
        }

        _published.Publish(commitment.Sequence);
        Waits.CompleteAnswered(commitment.Sequence);
    }

    private Commitment Committed_NeedsLock(long sequence)
    {
        _flush!.Committed(sequence);
        return new Commitment(_flush, sequence);
    }

    private long NowMs_NeedsLock() => _clock!.NowMs;

    private void ThrowIfClosed_NeedsLock()
    {
        if (_closed)
        {
            throw new KlockException(ErrorCode.Closed, "The store is closed.");
        }
    }

    private SqliteFile OpenFile_NeedsLock(bool mayMake)
    {
        (_file, _clock) = StoreFile.Open(_location, _time, mayMake, _published.Known);
        _published.WentBack = false;
        return _file;
    }

    private T Guarded_NeedsLock<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure)
        {
            DropReplica_NeedsLock();
            _published.WentBack |= failure is WentBackException;
            if (failure is SqliteException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw Failed("nothing was granted or changed", failure);
            }

            throw;
        }
    }

    private KlockException Failed(string what, Exception failure) => new(
        ErrorCode.StorageUnavailable, $"The store {_location.Path} failed, and {what}: {failure.Message.TrimEnd('.')}.", failure);

    // Closing rolls an open transaction back.
    private void DropReplica_NeedsLock()
    {
        (SqliteFile? file, SharedFlush? flush) = (_file, _flush);
        (_file, _flush, _replica, _ceiling) = (null, null, null, 0);
        _journal.Forget();
        _partsLeft = 0;
        try
        {
            _needsReflush |= flush?.Close() == false;
            Waits.TakeBackAnswered();
        }
        finally
        {
            file?.Dispose();
        }
    }
}
