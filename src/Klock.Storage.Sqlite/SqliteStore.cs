using Klock.Coordinator;
using Klock.Coordinator.Stores;
using Klock.Kernel;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Sqlite.Journal;

namespace Klock.Storage.Sqlite;

/// <summary>State in one SQLite file that many processes share without a server.</summary>
/// <remarks>
/// Each command runs in one write transaction: catch up on what others wrote, decide on the replica, write the events and
/// the rows they change, commit. So every decision sees every committed change, and nothing is answered that is not stored.
/// When anything fails the replica is thrown away, since it may know what the file does not, and loaded anew by the next command.
/// </remarks>
internal sealed class SqliteStore : IStore, IEventSink
{
    private readonly SqliteLocation _location;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<Event> _events = [];
    private SqliteFile? _file;
    private LeaseTable? _replica;
    private bool _closed;

    /// <summary>Opens the file, and makes it when there is none.</summary>
    /// <exception cref="KlockException">It cannot be opened, or is not a store.</exception>
    public SqliteStore(SqliteLocation location, TimeProvider time)
    {
        _location = location;
        _time = time;
        Guarded(() => _file = StoreFile.Open(location, time));
    }

    public void Execute(IStoreCommand command)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new KlockException(ErrorCode.Closed, "The store is closed.");
            }

            Guarded(() => Transact(command));
        }
    }

    public void Append(in Event happened) => _events.Add(happened);

    public void ReleaseFiles()
    {
        lock (_lock)
        {
            LetGo();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            LetGo();
        }
    }

    private void Transact(IStoreCommand command)
    {
        SqliteFile file = _file ??= StoreFile.Open(_location, _time);
        Patience.Run(file.Statement("BEGIN IMMEDIATE"), _time);
        _replica = SqliteJournal.CatchUp(file, _replica);
        _replica.SendEventsTo(this);
        _events.Clear();
        command.Run(_replica, _time.GetUtcNow().ToUnixTimeMilliseconds());
        SqliteJournal.Append(file, _events);
        file.Statement("COMMIT").Run();
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
                    $"The store {_location.Path} failed, and nothing was granted or changed: {failure.Message}.", failure);
            }

            throw;
        }
    }

    // Closing ends an open transaction and takes back what it did.
    private void LetGo()
    {
        _file?.Dispose();
        _file = null;
        _replica = null;
    }
}
