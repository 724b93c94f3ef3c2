using Google.Protobuf;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Journal;
using Klock.Storage.Journal.Stored;
using Klock.Storage.Sqlite;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Tests.Replicated.OnFile;

/// <summary>A journal in one SQLite file that several processes share: what the SQLite store would be behind the interface of the others.
/// </summary>
/// <remarks>
/// It is here, and not in src/, to be tested and measured beside the SQLite store, whose connection, patience and flushes it uses. It lacks
/// what that store has beyond a journal: holders that are gone, wake-ups, a ceiling for tokens when answers do not wait for the disk, and
/// serving again after a flush that failed. Who comes too late tells nobody: the next to lock the file is as likely to be that one.
/// Everything happens on the caller's thread: a task of its own would be another hop.
/// </remarks>
internal sealed class FileJournal : IJournal
{
    // As often as the SQLite store looks when nobody wakes it.
    private static readonly TimeSpan _pollEvery = TimeSpan.FromMilliseconds(5);

    private readonly FileJournalOptions _options;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly SqliteFile _file;
    private readonly JournalTables _tables;
    private readonly SharedFlush _flush;
    private readonly ITimer _poll;

    // The head as it was last known. Two histories that have the same number differ in its batch.
    private long _sequence;
    private BatchId _last;
    private long _dataVersion = -1;
    private long _snapshotBytes;
    private long _bytesAfter;
    private bool _isClosed;

    public FileJournal(string path, FileJournalOptions options)
    {
        _options = options;
        new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        _file = SqliteFile.Open(path, keepsShortLog: false);
        _tables = new JournalTables(_file);
        _tables.Ensure(_time);
        _flush = new SharedFlush(new WriteAheadLog(_file), options.WaitsForDisk);
        _poll = _time.CreateTimer(static journal => ((FileJournal)journal!).Look(), this, _pollEvery, _pollEvery);
    }

    /// <inheritdoc />
    public Action<HeadMove?>? Changed { get; set; }

    /// <inheritdoc />
    public Action<TurnWish>? Asked { get; set; }

    /// <inheritdoc />
    public bool WantsSnapshot =>
        Volatile.Read(ref _bytesAfter) > Math.Max(_options.SnapshotAfterBytes, Volatile.Read(ref _snapshotBytes));

    /// <inheritdoc />
    public Task<JournalState> LoadAsync(CancellationToken cancel)
    {
        JournalState state = Use(() => _tables.Run("BEGIN", _time, Load_NeedsLock));
        AwaitFlush(state.Head);
        return Task.FromResult(state);
    }

    /// <inheritdoc />
    public bool Fits(JournalBatch batch) => true;

    /// <inheritdoc />
    public Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        AppendAnswer answer = batch.Events.Count == 0 ? Use(() => Prove_NeedsLock(batch.After)) : Use(() => Append_NeedsLock(batch));

        // Others write meanwhile. What was missed has to be on the disk too before anybody is told of it.
        AwaitFlush(Volatile.Read(ref _sequence));
        return Task.FromResult(answer);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<JournalBatch>?>(Use(() => Read_NeedsLock(() => Missed_NeedsLock(after))));

    /// <inheritdoc />
    public Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<JournalBatch>>(Use(() => Read_NeedsLock(() => _tables.Around(number, most))));

    /// <inheritdoc />
    public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel) =>
        Task.FromResult(Use(() => Read_NeedsLock(() => head > (_tables.Pointer()?.Sequence ?? 0))));

    /// <inheritdoc />
    public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel) =>
        Task.Run(() => Use(() => _tables.Run("BEGIN IMMEDIATE", _time, () => Save_NeedsLock(snapshot))), cancel);

    /// <inheritdoc />
    public void Dispose()
    {
        _poll.Dispose();
        lock (_lock)
        {
            _isClosed = true;
            _flush.Close();
            _file.Dispose();
        }
    }

    private T Use<T>(Func<T> use)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            try
            {
                return use();
            }
            catch (SqliteException failed)
            {
                throw new IOException(failed.Message, failed);
            }
        }
    }

    private AppendAnswer Append_NeedsLock(JournalBatch batch)
    {
        ByteString written = StoredEvents.Write(batch);
        AppendAnswer answer = _tables.Run("BEGIN IMMEDIATE", _time, () =>
        {
            if (LookAtHead_NeedsLock() != batch.After)
            {
                return AppendAnswer.Late(Missed_NeedsLock(batch.After), _sequence);
            }

            _tables.Append(batch, written);
            return AppendAnswer.Appended;
        });
        if (answer.IsAppended)
        {
            (_sequence, _last) = (batch.Events[^1].Sequence, batch.Id);
            _bytesAfter += written.Length;
            _file.ShortenLog();
        }

        return answer;
    }

    // One look at the file's counter of commits, when nobody else has committed.
    private AppendAnswer Prove_NeedsLock(long after) =>
        after == _sequence && _file.DataVersion() == _dataVersion
            ? AppendAnswer.Appended
            : Read_NeedsLock(() => new AppendAnswer(LookAtHead_NeedsLock() == after, Missed_NeedsLock(after)));

    // The counter is read before: what is committed in between is noticed once more.
    private T Read_NeedsLock<T>(Func<T> read)
    {
        long version = _file.DataVersion();
        (T result, _) = _tables.Run("BEGIN", _time, () => (read(), LookAtHead_NeedsLock()));
        _dataVersion = version;
        return result;
    }

    private long LookAtHead_NeedsLock()
    {
        (long sequence, BatchId last) = _tables.Head();
        if (sequence < _sequence || (sequence == _sequence && last != _last))
        {
            throw new JournalWentBackException("The file", _sequence, sequence);
        }

        (_sequence, _last) = (sequence, last);
        return sequence;
    }

    // null: not kept any more.
    private List<JournalBatch>? Missed_NeedsLock(long after)
    {
        long head = LookAtHead_NeedsLock();
        (List<JournalBatch> missed, long bytes) = _tables.Later(after);
        _bytesAfter += bytes;
        return (missed.Count == 0 ? head : missed[0].After) == after ? missed : null;
    }

    private JournalState Load_NeedsLock()
    {
        StoredPointer? pointer = _tables.Pointer();
        JournalSnapshot? snapshot = pointer is null ? null : _tables.Snapshot(pointer);
        (_snapshotBytes, _bytesAfter) = (pointer?.Bytes ?? 0, 0);
        List<JournalBatch> later = Missed_NeedsLock(snapshot?.Head ?? 0)
            ?? throw new InvalidDataException("The journal lacks batches after its snapshot");
        return new JournalState(_sequence, snapshot, later, _last);
    }

    // Nothing, when another store has written a newer one.
    private bool Save_NeedsLock(JournalSnapshot snapshot)
    {
        if (_tables.Pointer() is { } there && there.Sequence >= snapshot.Head)
        {
            (_snapshotBytes, _bytesAfter) = (there.Bytes, 0);
            return false;
        }

        (_snapshotBytes, _bytesAfter) = (_tables.Save(snapshot, Math.Max(snapshot.Head - _options.EventsBehind, 0)).Bytes, 0);
        return true;
    }

    // After a failure nobody knows what is on the disk, and no answer is given that rests on it any more.
    private void AwaitFlush(long head)
    {
        try
        {
            _flush.Committed(head);
            _flush.Cover(head);
        }
        catch (IOException failed)
        {
            throw new NoAnswerException(failed.Message, failed);
        }
    }

    // Not while the store itself asks something: then it learns of it without a hint.
    private void Look()
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        HeadMove? moved = null;
        try
        {
            long before = _sequence;
            if (_isClosed || _file.DataVersion() == _dataVersion || Read_NeedsLock(LookAtHead_NeedsLock) == before)
            {
                return;
            }

            moved = new HeadMove(_last.Writer, _sequence);
        }
        catch (Exception failed) when (failed is SqliteException or IOException or InvalidDataException)
        {
            // The store is told of it when it asks.
        }
        finally
        {
            _lock.Exit();
        }

        Changed?.Invoke(moved);
    }
}
