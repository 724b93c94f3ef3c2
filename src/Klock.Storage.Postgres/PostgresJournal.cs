using System.Buffers.Binary;
using System.Data;
using System.Security.Cryptography;
using Google.Protobuf;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Journal;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>A journal in a PostgreSQL database.</summary>
/// <remarks>
/// An append is one statement: the row of the head moves only from the number that the writer knows, and with it the batch goes in. When a
/// standby took over, its timeline is a new one: before anything else is appended the numbers jump, beyond all that the old primary may
/// have given and not passed on. Connections are to the database itself, or through a pooler that keeps sessions.
/// </remarks>
internal sealed class PostgresJournal : IJournal
{
    // A batch has up to 256 commands; whoever has missed more asks again.
    private const int MostBatches = 128;

    // Bounds what one row takes, and how long one append.
    private const int MostBytes = 1024 * 1024;

    private const int IdBytes = 16;

    private readonly Database _database;
    private readonly string _schema;
    private readonly string _channel;
    private readonly HeadListener _listener;
    private readonly Snapshots _snapshots;
    private readonly TimeProvider _time = TimeProvider.System;

    // The head as it was last known. Two histories that have the same number differ in its batch.
    private long _sequence;
    private BatchId _last;
    private long _timeline;
    private bool _hasTables;
    private (BatchId Id, byte[] Bytes) _written;

    public PostgresJournal(PostgresAddress address, JournalOptions? options = null)
    {
        options ??= new JournalOptions();
        _database = new Database(address, options.AnswersWithin);
        _schema = address.Schema;
        _channel = "klock_" + _schema;
        _listener = new HeadListener(_database, _channel, moved => Changed?.Invoke(moved), wish => Asked?.Invoke(wish));
        _snapshots = new Snapshots(_database, _schema, options);
    }

    /// <inheritdoc />
    public Action<HeadMove?>? Changed { get; set; }

    /// <inheritdoc />
    public Action<TurnWish>? Asked { get; set; }

    /// <inheritdoc />
    public bool WantsSnapshot => _snapshots.AreWanted;

    /// <inheritdoc />
    public async Task<JournalState> LoadAsync(CancellationToken cancel)
    {
        if (!_hasTables)
        {
            _hasTables = await _database.CallAsync(connection => Tables.EnsureAsync(connection, _schema), cancel);
        }

        _listener.Start();

        // Whether it answers at all is known soon; what there is may take longer to read.
        Found now = await LookAsync(long.MaxValue, cancel);
        return now.Head == 0 ? JournalState.Empty : await _database.WorkAsync(connection => LoadAsync(connection, cancel), cancel);
    }

    /// <inheritdoc />
    public bool Fits(JournalBatch batch) => batch.Events.Count == 0 || Written(batch).Length <= MostBytes;

    /// <inheritdoc />
    public async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        if (batch.Events.Count > 0)
        {
            // A call that nobody waits for any more may be made later, when another batch is the last one.
            byte[] written = Written(batch);
            BatchId before = _last;
            if (await _database.CallAsync(connection => TryAppendAsync(connection, batch, written, before), cancel))
            {
                (_sequence, _last) = (batch.Events[^1].Sequence, batch.Id);
                _snapshots.Count(written.Length);
                return AppendAnswer.Appended;
            }
        }

        Found now = await LookAfterAsync(batch, cancel);
        return batch.Events.Count == 0 && now.Head == batch.After
            ? AppendAnswer.Appended
            : AppendAnswer.Late(Missed(now, batch.After), now.Head);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel) =>
        Missed(await LookAsync(after, cancel), after);

    /// <inheritdoc />
    public async Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel)
    {
        // After a failover the numbers jump first: whoever asks wants to know of that.
        await LookAsync(long.MaxValue, cancel);
        return await _database.WorkAsync(connection => ReadAroundAsync(connection, number, most, cancel), cancel);
    }

    /// <inheritdoc />
    public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel) => _snapshots.TryClaimAsync(head, cancel);

    /// <inheritdoc />
    public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel)
    {
        // That of its state, whatever is learned while it is written.
        long timeline = _timeline;
        return Task.Run(() => _snapshots.SaveAsync(snapshot, timeline, cancel), cancel);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _listener.Dispose();
        _database.Dispose();
    }

    private async Task<bool> TryAppendAsync(NpgsqlConnection connection, JournalBatch batch, byte[] written, BatchId before)
    {
        await using var append = new NpgsqlCommand(Tables.Append, connection)
        {
            Parameters =
            {
                Of(batch.After), Of(batch.Events[^1].Sequence), Of(Bytes(batch.Id.Writer)), Of(batch.Id.Number),
                Of(batch.Events[0].Sequence), Of(written), Of(_channel), Of(Bytes(before.Writer)), Of(before.Number),
            },
        };
        await using NpgsqlDataReader moved = await append.ExecuteReaderAsync();
        return await moved.ReadAsync();
    }

    // An append that found another head may be there itself, by an earlier try: a refusal now proves nothing.
    private async Task<Found> LookAfterAsync(JournalBatch batch, CancellationToken cancel)
    {
        try
        {
            return await LookAsync(batch.After, cancel, batch.Events.Count == 0 ? null : HeadListener.Wish(batch));
        }
        catch (IOException refused) when (batch.Events.Count > 0 && refused is not (NoAnswerException or JournalWentBackException))
        {
            throw new NoAnswerException(refused.Message, refused);
        }
    }

    // Goes on after a failover, when that is what is found.
    private async Task<Found> LookAsync(long after, CancellationToken cancel, string? told = null)
    {
        while (true)
        {
            Found now = await _database.CallAsync(connection => LookAsync(connection, after, told), cancel);
            if (now.WrittenOn == now.Timeline)
            {
                if (now.Head < _sequence || (now.Head == _sequence && now.Last != _last))
                {
                    throw new JournalWentBackException("The database", _sequence, now.Head);
                }

                (_sequence, _last, _timeline) = (now.Head, now.Last, now.Timeline);
                return now;
            }

            await _database.CallAsync(connection => ResumeAsync(connection, now), cancel);
        }
    }

    private async Task<Found> LookAsync(NpgsqlConnection connection, long after, string? told)
    {
        await using var look = new NpgsqlCommand(Tables.After, connection)
        {
            Parameters = { Of(after), Of(MostBatches), Of(_channel), Of(told) },
        };
        await using NpgsqlDataReader rows = await look.ExecuteReaderAsync();
        var found = new Found(0, default, WrittenOn: 0, Timeline: 0, []);
        while (await rows.ReadAsync())
        {
            StoredEvents.Check((uint)rows.GetInt32(3));
            found = found with
            {
                Head = rows.GetInt64(0), Last = IdOf(rows, 4), WrittenOn = rows.GetInt64(1), Timeline = rows.GetInt64(2),
            };
            if (!rows.IsDBNull(6))
            {
                found.Batches.Add(rows.GetFieldValue<byte[]>(6));
            }
        }

        // An old primary that does not know it, and another host may be the one that took over; or a new database, restored from a dump.
        return found.Timeline >= _timeline || found.Head >= _sequence ? found : throw new NoAnswerException(
            "this host is behind: another one has replaced it; or it was restored from a backup, and then a server is to be started with "
            + "klock serve --accept-restore");
    }

    private async Task<bool> ResumeAsync(NpgsqlConnection connection, Found found)
    {
        DateTimeOffset now = _time.GetUtcNow();
        var resumed = new Event
        {
            Sequence = FencingTokens.Above(found.Head, now), Kind = EventKind.Resumed, AtMs = now.ToUnixTimeMilliseconds(),
        };
        byte[] writer = RandomNumberGenerator.GetBytes(IdBytes);
        var batch = new JournalBatch(new BatchId(LeaseId.FromBytes(writer), 0), found.Head, [resumed]) { Before = found.Last };
        await using var resume = new NpgsqlCommand(Tables.Resume, connection)
        {
            Parameters =
            {
                Of(found.Head), Of(resumed.Sequence), Of(writer), Of(batch.Id.Number), Of(StoredEvents.Write(batch).ToByteArray()),
            },
        };
        await resume.ExecuteNonQueryAsync();
        return true;
    }

    private async Task<JournalState> LoadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // One state for all reads.
        await using NpgsqlTransaction all = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        await EnsureTimelineAsync(connection, cancel);
        BatchId last = await LastAsync(connection, cancel);
        JournalSnapshot? snapshot = await _snapshots.LoadAsync(connection, cancel);
        long read = snapshot?.Head ?? 0;
        var batches = new List<JournalBatch>();
        await using var later = new NpgsqlCommand("select value from batch where first > $1 order by first", connection)
        {
            Parameters = { Of(read) },
        };
        await using NpgsqlDataReader rows = await later.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            JournalBatch batch = Read(rows.GetFieldValue<byte[]>(0));
            if (batch.After != read)
            {
                throw new InvalidDataException($"The journal in PostgreSQL has no batch after event {read}");
            }

            batches.Add(batch);
            read = batch.Events[^1].Sequence;
        }

        (_sequence, _last) = (read, last);
        return new JournalState(read, snapshot, batches, last);
    }

    private async Task<List<JournalBatch>> ReadAroundAsync(NpgsqlConnection connection, long number, int most, CancellationToken cancel)
    {
        await EnsureTimelineAsync(connection, cancel);
        await using var around = new NpgsqlCommand(Tables.Around, connection) { Parameters = { Of(number), Of(most) } };
        await using NpgsqlDataReader rows = await around.ExecuteReaderAsync(cancel);
        var found = new List<JournalBatch>();
        while (await rows.ReadAsync(cancel))
        {
            found.Add(StoredEvents.ReadBatch(ByteString.CopyFrom(rows.GetFieldValue<byte[]>(0))));
        }

        return found;
    }

    private async Task EnsureTimelineAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (!await Tables.IsOfTimelineAsync(connection, _timeline, cancel))
        {
            throw new NoAnswerException("PostgreSQL: another host has taken over meanwhile");
        }
    }

    private static async Task<BatchId> LastAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var look = new NpgsqlCommand("select writer, number from head", connection);
        await using NpgsqlDataReader rows = await look.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel) ? IdOf(rows, 0) : default;
    }

    private byte[] Written(JournalBatch batch)
    {
        if (_written.Id != batch.Id)
        {
            _written = (batch.Id, StoredEvents.Write(batch).ToByteArray());
        }

        return _written.Bytes;
    }

    private JournalBatch Read(byte[] value)
    {
        _snapshots.Count(value.Length);
        return StoredEvents.ReadBatch(ByteString.CopyFrom(value));
    }

    // null: not kept any more, or this store knows of events that were lost in a failover.
    private List<JournalBatch>? Missed(Found now, long after)
    {
        List<JournalBatch> missed = [.. now.Batches.Select(Read)];
        long before = missed.Count == 0 ? now.Head : missed[0].After;
        return before == after ? missed : null;
    }

    // That of a journal without any event has an empty writer.
    private static BatchId IdOf(NpgsqlDataReader rows, int column) =>
        rows.GetFieldValue<byte[]>(column) is { Length: IdBytes } writer
            ? new BatchId(LeaseId.FromBytes(writer), rows.GetInt64(column + 1))
            : default;

    private static byte[] Bytes(LeaseId id)
    {
        if (id == default)
        {
            return [];
        }

        byte[] bytes = new byte[IdBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, id.Value);
        return bytes;
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    /// <summary>What was found.</summary>
    /// <param name="Head">The number of the last event.</param>
    /// <param name="Last">The batch that it came with.</param>
    /// <param name="WrittenOn">The timeline on which the head was written.</param>
    /// <param name="Timeline">That of the database.</param>
    /// <param name="Batches">Some after a number, as they are stored.</param>
    private sealed record Found(long Head, BatchId Last, long WrittenOn, long Timeline, List<byte[]> Batches);
}
