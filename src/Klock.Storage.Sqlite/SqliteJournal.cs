using Klock.Kernel;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Sqlite.Journal;

namespace Klock.Storage.Sqlite;

/// <summary>
/// A journal in one SQLite file, as one store object has it open: caught up on, appended to, flushed, read, and closed when anything fails.
/// </summary>
/// <remarks>
/// What <see cref="Coordinator.Stores.Replicated.IJournal"/> is to a journal on other machines, but that the file's write lock is taken
/// before anything is decided, so that an append never comes too late; and on the caller's thread, since a commit takes microseconds.
/// Not thread-safe, but for <see cref="AwaitFlush"/>.
/// </remarks>
/// <param name="location">The file and its options.</param>
/// <param name="time">The clock.</param>
internal sealed class SqliteJournal(SqliteLocation location, TimeProvider time)
{
    private readonly JournalRows _rows = new();
    private readonly Pruner _pruner = new(location.History);
    private readonly PublishedNumbers _published = new();
    private SqliteFile? _file;
    private StoreClock? _clock;
    private SharedFlush? _flush;
    private bool _needsReflush;
    private long _ceiling;
    private long _appended;
    private long _dataVersion;

    /// <summary>The open file.</summary>
    public SqliteFile File => _file!;

    /// <summary>The store's time, in ms since 1970.</summary>
    public long NowMs => _clock!.NowMs;

    /// <summary>Whether it can be followed without the write lock: not when the file was just opened, or a flush has failed.</summary>
    public bool CanFollow => _file is not null && _flush is not null && !_needsReflush;

    /// <summary>Opens the file.</summary>
    /// <param name="mayMake">Whether it is created when there is none: not when it was there before and somebody deleted it.</param>
    public void Open(bool mayMake)
    {
        (_file, _clock) = StoreFile.Open(location, time, mayMake, _published.Known);
        _published.WentBack = false;
    }

    /// <summary>Begins a write transaction: until <see cref="Commit"/> nobody else appends. Opens the file when it is not open.</summary>
    public void Begin()
    {
        if (_file is null)
        {
            Open(mayMake: false);
        }

        Patience.Run(File.Statement("BEGIN IMMEDIATE"), time);
        File.ThrowIfNotAlone();
        _published.NoteNowAndThen(File, time);

        // Not earlier: the log of a new file is created by its first transaction.
        _flush ??= new SharedFlush(new WriteAheadLog(File), location.WaitsForDisk);
        if (_needsReflush)
        {
            _flush.Reflush();
            _needsReflush = false;
        }
    }

    /// <summary>Inside a transaction: brings a replica up to all that is committed, or loads a new one.</summary>
    public LeaseTable CatchUp(LeaseTable? replica) => _rows.CatchUp(File, replica);

    /// <summary>Inside a write transaction: loads a part of the state; null when a part does not suffice.</summary>
    public LeaseTable? TryLoad(StatePart part) => _rows.TryLoad(File, part);

    /// <summary>Brings a replica up to all that is committed, without the write lock: at no cost when nobody has committed.</summary>
    public LeaseTable Follow(LeaseTable replica)
    {
        File.ThrowIfNotAlone();
        long version = File.DataVersion();
        if (version == _dataVersion)
        {
            return replica;
        }

        File.Statement("BEGIN").Run();
        LeaseTable followed = CatchUp(replica);
        File.Statement("COMMIT").Run();
        _dataVersion = version;
        return followed;
    }

    /// <summary>Inside a write transaction: appends what was decided.</summary>
    public void Append(List<Event> events)
    {
        _rows.Append(File, events);
        _pruner.Run(File, events);
        _appended = events.Count > 0 ? events[^1].Sequence : 0;
    }

    /// <summary>Ends the write transaction: others see what was appended.</summary>
    public void Commit() => File.Statement("COMMIT").Run();

    /// <summary>After a commit: keeps the log short, and the numbers that may be answered below their ceiling.</summary>
    public void Maintain()
    {
        File.ShortenLog();
        if (!location.WaitsForDisk && _appended > 0)
        {
            _ceiling = Ceiling.Cover(File, _ceiling, _appended, time);
        }
    }

    /// <summary>What an answer depends on that was decided when this event was the last one.</summary>
    public Commitment Committed(long sequence)
    {
        _flush!.Committed(sequence);
        return new Commitment(_flush, sequence);
    }

    /// <summary>Returns when what was committed, by whichever process, is on the disk, or the store does not wait for that.</summary>
    /// <param name="commitment">What was committed.</param>
    /// <param name="begins">Called when the caller's own flush begins, if it must flush itself.</param>
    /// <exception cref="IOException">It may not be.</exception>
    public void AwaitFlush(Commitment commitment, Action? begins)
    {
        commitment.Flush.Cover(commitment.Sequence, begins);
        _published.Publish(commitment.Sequence);
    }

    /// <summary>Whether the file has not been opened again since that was committed.</summary>
    public bool HasStill(Commitment commitment) => _flush == commitment.Flush;

    /// <summary>Passes the events after a number to the sink.</summary>
    /// <returns>The number before the oldest one kept, and the number of the last one.</returns>
    public (long BeforeOldest, long Head) Read(long after, int limit, IEventSink sink)
    {
        File.Statement("BEGIN").Run();
        long beforeOldest = JournalRows.Read(File, after, limit, sink);
        long head = HeadRow.Read(File).Sequence;
        File.Statement("COMMIT").Run();
        return (beforeOldest, head);
    }

    /// <summary>Notes on the file which numbers were given, before it is closed for good.</summary>
    public void NoteNumbers() => _published.Note(_file);

    /// <summary>
    /// Flushes for those who still wait for it, and closes the file, which rolls an open transaction back. <see cref="Begin"/> opens it
    /// again.
    /// </summary>
    /// <param name="wentBack">Whether it was found to hold an earlier state.</param>
    public void Close(bool wentBack)
    {
        (SqliteFile? file, SharedFlush? flush) = (_file, _flush);
        (_file, _flush, _ceiling) = (null, null, 0);
        _rows.Forget();
        _published.WentBack |= wentBack;
        try
        {
            _needsReflush |= flush?.Close() == false;
        }
        finally
        {
            file?.Dispose();
        }
    }
}
