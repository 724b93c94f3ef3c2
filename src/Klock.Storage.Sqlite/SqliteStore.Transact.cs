using Klock.Coordinator.Stores;
using Klock.Kernel;
using Klock.Kernel.Resources;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Sqlite.Journal;

namespace Klock.Storage.Sqlite;

/// <summary>Its transactions: what they read, decide and write.</summary>
internal sealed partial class SqliteStore
{
    private SqliteFile Begin_NeedsLock()
    {
        SqliteFile file = _file ?? OpenFile_NeedsLock(mayMake: false);
        Patience.Run(file.Statement("BEGIN IMMEDIATE"), _time);
        file.ThrowIfNotAlone();
        _published.NoteNowAndThen(file, _time);

        // Not earlier: the log of a new file is created by its first transaction.
        _flush ??= new SharedFlush(new WriteAheadLog(file), _location.WaitsForDisk);
        if (_needsReflush)
        {
            _flush.Reflush();
            _needsReflush = false;
        }

        return file;
    }

    private Commitment Transact_NeedsLock(IReadOnlyList<IStoreCommand> commands)
    {
        SqliteFile file = Begin_NeedsLock();
        _events.Clear();
        long nowMs = NowMs_NeedsLock();
        LeaseTable? part = TryLoadPart_NeedsLock(file, commands, nowMs);
        LeaseTable table = part ?? Lead_NeedsLock(file);
        foreach (IStoreCommand command in commands)
        {
            command.Run(table, part is null ? NowMs_NeedsLock() : nowMs, Waits);
        }

        long promised = table.Sequence;
        if (_events.Count > 0 || part is not null)
        {
            table.FlushRefusals();
        }

        _journal.Append(file, _events);
        _pruner.Run(file, _events);
        if (_events.Exists(happened => happened.BoundTo == Waits.OwnerId))
        {
            _holders.Introduce(file);
        }

        file.Statement("COMMIT").Run();
        _wakeUps.Send();
        file.ShortenLog();
        if (!_location.WaitsForDisk && _events.Count > 0)
        {
            _ceiling = Ceiling.Cover(file, _ceiling, table.Sequence, _time);
        }

        return Committed_NeedsLock(promised);
    }

    // For a process that runs one command and ends.
    private LeaseTable? TryLoadPart_NeedsLock(SqliteFile file, IReadOnlyList<IStoreCommand> commands, long nowMs)
    {
        if (_replica is not null || _partsLeft == 0 || !Waits.IsEmpty || commands is not [{ Concern: { } concern }]
            || !Neighbourhood.IsSmall(concern.Intents.Select(intent => intent.Resource)))
        {
            return null;
        }

        _partsLeft--;
        var part = new StatePart(concern, _holders.FindGone(file), nowMs);
        LeaseTable? table = _journal.TryLoad(file, part);
        table?.SendEventsTo(this, defersRefusals: true);
        table?.WatchForSharing(_sharing);
        if (table is not null)
        {
            _holders.End(file, table, part.Gone, nowMs);
        }

        return table;
    }

    private LeaseTable Lead_NeedsLock(SqliteFile file)
    {
        LeaseTable replica = CatchUp_NeedsLock(file);
        _holders.End(file, replica, _holders.FindGone(file, replica), NowMs_NeedsLock());
        return replica;
    }

    private LeaseTable CatchUp_NeedsLock(SqliteFile file)
    {
        LeaseTable replica = _journal.CatchUp(file, _replica);
        if (replica != _replica)
        {
            _replica = replica;
            replica.SendEventsTo(this, defersRefusals: true);
            replica.WatchForSharing(_sharing);
            Waits.Attach(replica);
        }

        // Whoever ended the others' waits until now has woken them.
        _wakeUps.Forget();
        return replica;
    }

    /// <summary>Applies what other processes wrote, sends a keep-alive, and does what is due.</summary>
    private Commitment Look_NeedsLock()
    {
        bool keepsAlive = !Waits.IsEmpty && _time.GetElapsedTime(_keptAliveAt) >= KeepAliveEvery;
        if (TryFollow_NeedsLock() && !keepsAlive && _replica!.NextDueMs > NowMs_NeedsLock())
        {
            return Committed_NeedsLock(_replica.Sequence);
        }

        Commitment alive = Transact_NeedsLock([new KeepWaitsAlive()]);
        _keptAliveAt = _time.GetTimestamp();
        return alive;
    }

    // No writer is blocked, and nothing is written: what is overdue is hidden by the time that the command gets.
    private Commitment Show_NeedsLock(IStoreCommand reading)
    {
        if (!TryFollow_NeedsLock())
        {
            return Transact_NeedsLock([reading]);
        }

        reading.Run(_replica!, NowMs_NeedsLock(), Waits);
        return Committed_NeedsLock(_replica!.Sequence);
    }

    /// <summary>
    /// Brings the replica up to all that is committed, without the write lock. False when something has to be written first: the file was
    /// just opened, or what a dead process held must be released.
    /// </summary>
    private bool TryFollow_NeedsLock()
    {
        if (_file is null || _flush is null || _replica is null || _needsReflush)
        {
            return false;
        }

        _file.ThrowIfNotAlone();
        long version = _file.DataVersion();
        if (version != _dataVersion)
        {
            _file.Statement("BEGIN").Run();
            CatchUp_NeedsLock(_file);
            _file.Statement("COMMIT").Run();
            _dataVersion = version;
        }

        return !_holders.MayHaveGone(_file, _replica);
    }
}
