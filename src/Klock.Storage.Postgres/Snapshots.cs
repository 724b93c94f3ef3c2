using System.Security.Cryptography;
using Google.Protobuf;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Journal;
using Klock.Storage.Journal.Stored;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>The snapshots of a journal in PostgreSQL: when one is wanted, who writes it, and what goes with the one before.</summary>
/// <remarks>
/// One transaction writes the new one and drops the old one with the batches that it stands for. A lock that its connection holds, and
/// that goes with the connection, keeps two stores from writing at once; without it one would write in vain.
/// </remarks>
/// <param name="database">The database.</param>
/// <param name="schema">The journal's schema.</param>
/// <param name="options">When one is wanted.</param>
internal sealed class Snapshots(Database database, string schema, JournalOptions options)
{
    private const int ChunkBytes = 512 * 1024;

    // When one could not be written, the next is tried so much later.
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = TimeProvider.System;

    // The last snapshot that is known, and what came after it.
    private long _sequence;
    private long _size;
    private long _bytesAfter;
    private long _triedAt;

    /// <summary>Whether so much was appended since the last one that a new one is wanted.</summary>
    public bool AreWanted => Volatile.Read(ref _bytesAfter) > Math.Max(options.SnapshotAfterBytes, Volatile.Read(ref _size))
        && Volatile.Read(ref _triedAt) is var triedAt && (triedAt == 0 || _time.GetElapsedTime(triedAt) > _pause);

    /// <summary>A batch was appended or followed.</summary>
    public void Count(int bytes) => Interlocked.Add(ref _bytesAfter, bytes);

    /// <summary>Reads the last one, in the connection's transaction.</summary>
    public async Task<JournalSnapshot?> LoadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        StoredPointer? pointer = await ReadPointerAsync(connection, cancel);
        Note(pointer);
        if (pointer is null)
        {
            return null;
        }

        using var read = new StoredSnapshots.Reader(pointer);
        await using var parts = new NpgsqlCommand("select value from snapshot order by part", connection);
        await using NpgsqlDataReader rows = await parts.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            read.Add(ByteString.CopyFrom(rows.GetFieldValue<byte[]>(0)));
        }

        return read.End();
    }

    /// <summary>Whether this store writes the next one: not when another has written one meanwhile.</summary>
    public async Task<bool> TryClaimAsync(long head, CancellationToken cancel)
    {
        Volatile.Write(ref _triedAt, _time.GetTimestamp());
        StoredPointer? pointer = await database.CallAsync(connection => ReadPointerAsync(connection, CancellationToken.None), cancel);
        if (pointer is not null && pointer.Sequence > Volatile.Read(ref _sequence))
        {
            // What came after it is not known, and little.
            Note(pointer);
            return false;
        }

        return head > (pointer?.Sequence ?? 0);
    }

    /// <summary>Writes one, and drops what it stands for; nothing when another store writes one, or has written a newer one.</summary>
    /// <param name="snapshot">The state.</param>
    /// <param name="timeline">That on which its head stands: after a failover it may not.</param>
    /// <param name="cancel">Gives up.</param>
    public Task SaveAsync(JournalSnapshot snapshot, long timeline, CancellationToken cancel) => database.WorkAsync(
        async connection =>
        {
            await using NpgsqlTransaction all = await connection.BeginTransactionAsync(cancel);
            await using var claim = new NpgsqlCommand($"select pg_try_advisory_xact_lock({Tables.LockOf(schema)})", connection, all);
            if (await claim.ExecuteScalarAsync(cancel) is not true || !await Tables.IsOfTimelineAsync(connection, timeline, cancel)
                || (await ReadPointerAsync(connection, cancel) is { } there && there.Sequence >= snapshot.Head))
            {
                return false;
            }

            long bytesBefore = Volatile.Read(ref _bytesAfter);
            StoredPointer pointer = await WriteAsync(connection, snapshot, cancel);
            await all.CommitAsync(cancel);
            Volatile.Write(ref _triedAt, 0);
            long bytesMeanwhile = Math.Max(Volatile.Read(ref _bytesAfter) - bytesBefore, 0);
            Note(pointer);
            Count((int)Math.Min(bytesMeanwhile, int.MaxValue));
            return true;
        },
        cancel);

    private static async Task<StoredPointer?> ReadPointerAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var look = new NpgsqlCommand("select value from pointer", connection);
        return await look.ExecuteScalarAsync(cancel) is byte[] value ? StoredSnapshots.ReadPointer(ByteString.CopyFrom(value)) : null;
    }

    private async Task<StoredPointer> WriteAsync(NpgsqlConnection connection, JournalSnapshot snapshot, CancellationToken cancel)
    {
        await ExecuteAsync(connection, "delete from snapshot", [], cancel);
        StoredPointer pointer = StoredSnapshots.PointTo(snapshot);
        using var checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ByteString chunk in StoredSnapshots.Write(snapshot, ChunkBytes))
        {
            checksum.AppendData(chunk.Span);
            await ExecuteAsync(
                connection, "insert into snapshot (part, value) values ($1, $2)", [(int)pointer.Chunks++, chunk.ToByteArray()], cancel);
            pointer.Bytes += chunk.Length;
        }

        pointer.Checksum = ByteString.CopyFrom(checksum.GetHashAndReset());
        await ExecuteAsync(
            connection, "insert into pointer (value) values ($1) on conflict (one) do update set value = excluded.value",
            [pointer.ToByteArray()], cancel);
        await ExecuteAsync(
            connection, "delete from batch where first <= $1", [Math.Max(snapshot.Head - options.EventsBehind, 0)], cancel);
        return pointer;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancel);
    }

    private void Note(StoredPointer? last)
    {
        Volatile.Write(ref _sequence, last?.Sequence ?? 0);
        Volatile.Write(ref _size, last?.Bytes ?? 0);
        Interlocked.Exchange(ref _bytesAfter, 0);
    }
}
