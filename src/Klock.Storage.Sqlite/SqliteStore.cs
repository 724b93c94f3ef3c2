using Klock.Coordinator;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Events;
using Klock.Kernel.Leases;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Sqlite.Holders;
using Klock.Storage.Sqlite.Journal;

namespace Klock.Storage.Sqlite;

/// <summary>State in one SQLite file that many processes share without a server.</summary>
/// <remarks>
/// Commands that arrive together run in one write transaction: catch up on what others wrote, decide on the replica, write the
/// events and the rows they change, commit. So every decision sees every committed change, and nothing is answered that is not stored.
/// When anything fails the replica is thrown away, since it may know what the file does not, and loaded anew by the next command.
/// </remarks>
internal sealed class SqliteStore : IStore, IEventSink
{
    // How long another process's commit may go unnoticed while somebody waits here. To ask costs some microseconds.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    // Well within LeaseTable.WaitKeepAliveMs, so that one slow commit does not cost a place in the queue.
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(1.5);

    private readonly SqliteLocation _location;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<Event> _events = [];
    private readonly GroupCommit _commits;
    private readonly HolderWatch _holders;
    private readonly Pruner _pruner;
    private SqliteFile? _file;
    private StoreClock? _clock;
    private long _ceiling;
    private LeaseTable? _replica;
    private long _dataVersion;
    private long _keptAliveAt;
    private bool _closed;

    /// <summary>Opens the file, and makes it when there is none.</summary>
    /// <param name="location">Which.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ownerId">The name under which this process waits: 128 random bits.</param>
    /// <param name="process">The process that leases are bound to, which is this one; null to bind them to none.</param>
    /// <exception cref="KlockException">It cannot be opened, or is not a store.</exception>
    public SqliteStore(SqliteLocation location, TimeProvider time, LeaseId ownerId, HolderProcess? process)
    {
        _location = location;
        _time = time;
        Waits = new LocalWaits(ownerId, bindsLeases: process is not null);
        _holders = new HolderWatch(ownerId, process, time);
        _pruner = new Pruner(location.History);
        _commits = new GroupCommit(Commit);
        Guarded(() => (_file, _clock) = StoreFile.Open(location, time, mayMake: true));
    }

    public LocalWaits Waits { get; }

    public void Execute(IStoreCommand command) => _commits.Execute(command);

    public void Tick()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                Guarded(Look);
            }
            catch (KlockException)
            {
                Waits.GiveUp_NeedsLock(NowMs());
                throw;
            }
        }
    }

    public TimeSpan UntilNextTick()
    {
        lock (_lock)
        {
            long dueInMs = _replica is null ? 0 : _replica.NextDueMs - NowMs();
            return dueInMs >= Poll.TotalMilliseconds ? Poll : TimeSpan.FromMilliseconds(Math.Max(dueInMs, 0));
        }
    }

    public long ReadEvents(long after, int limit, IEventSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        lock (_lock)
        {
            ThrowIfClosed();
            long beforeOldest = 0;
            Guarded(() =>
            {
                SqliteFile file = Begin();
                beforeOldest = SqliteJournal.Read(file, after, limit, sink);
                file.Statement("COMMIT").Run();
            });
            return beforeOldest;
        }
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
                    Guarded(() => Transact([new CloseWaits()]));
                }
            }
            catch (KlockException)
            {
                // The store fails: its file keeps the waits until their keep-alive is over, which nobody renews from now on.
            }

            _closed = true;
            LetGo();
            Waits.CloseAll_NeedsLock();
        }
    }

    private void Commit(IReadOnlyList<IStoreCommand> commands)
    {
        lock (_lock)
        {
            ThrowIfClosed();
            Guarded(() => Transact(commands));
        }
    }

    private long NowMs() => _clock!.NowMs;

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new KlockException(ErrorCode.Closed, "The store is closed.");
        }
    }

    private SqliteFile Begin()
    {
        if (_file is null)
        {
            (_file, _clock) = StoreFile.Open(_location, _time, mayMake: false);
        }

        Patience.Run(_file.Statement("BEGIN IMMEDIATE"), _time);

        // Whoever opens the path now gets another file: the two must not serve as one store.
        return _file.HasMoved() ? throw new IOException("the file was deleted or replaced while it was in use") : _file;
    }

    private void Transact(IReadOnlyList<IStoreCommand> commands)
    {
        SqliteFile file = Begin();
        LeaseTable replica = CatchUp(file);
        _events.Clear();
        foreach (LeaseId gone in _holders.FindGone(file, replica))
        {
            replica.EndBound(gone, NowMs());
            _holders.Forget(file, gone);
        }

        foreach (IStoreCommand command in commands)
        {
            command.Run(replica, NowMs(), Waits);
        }

        SqliteJournal.Append(file, _events);
        _pruner.Run(file, _events);
        if (_events.Exists(happened => happened.BoundTo == Waits.OwnerId))
        {
            _holders.Introduce(file);
        }

        file.Statement("COMMIT").Run();
        if (_location.Synchronous == SqliteLocation.Normal && _events.Count > 0)
        {
            _ceiling = Ceiling.Cover(file, _ceiling, replica.Sequence, _time);
        }

        Waits.TellAnswered_NeedsLock();
    }

    private LeaseTable CatchUp(SqliteFile file)
    {
        LeaseTable replica = SqliteJournal.CatchUp(file, _replica);
        if (replica != _replica)
        {
            _replica = replica;
            replica.SendEventsTo(this, defersRefusals: true);
            Waits.Attach_NeedsLock(replica);
        }

        // What is caught up on was stored by others.
        Waits.TellAnswered_NeedsLock();
        return replica;
    }

    /// <summary>Follows what other processes did, gives a sign of life, and does what is due.</summary>
    private void Look()
    {
        bool keepAlive = _time.GetElapsedTime(_keptAliveAt) >= KeepAliveEvery;
        bool isDue = _file is null || _replica is null || keepAlive || _replica.NextDueMs <= NowMs();
        if (isDue || _holders.FindGone(_file!, _replica!).Count > 0)
        {
            Transact([new KeepWaitsAlive()]);
            _keptAliveAt = _time.GetTimestamp();
            return;
        }

        long version = _file!.DataVersion();
        if (version != _dataVersion)
        {
            _dataVersion = version;
            _file.Statement("BEGIN").Run();
            CatchUp(_file);
            _file.Statement("COMMIT").Run();
        }
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            LetGo();
            if (failure is SqliteFailure or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new KlockException(
                    ErrorCode.StorageUnavailable,
                    $"The store {_location.Path} failed, and nothing was granted or changed: {failure.Message.TrimEnd('.')}.", failure);
            }

            throw;
        }
    }

    // Closing ends an open transaction and takes back what it did.
    private void LetGo()
    {
        Waits.TakeBackAnswered_NeedsLock();
        _file?.Dispose();
        _file = null;
        _replica = null;
        _ceiling = 0;
    }

    private sealed class KeepWaitsAlive : IStoreCommand
    {
        public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.KeepWaitsAlive(waits.OwnerId, nowMs);
    }

    private sealed class CloseWaits : IStoreCommand
    {
        public void Run(LeaseTable table, long nowMs, LocalWaits waits) => table.CloseWaits(waits.OwnerId, nowMs);
    }
}
