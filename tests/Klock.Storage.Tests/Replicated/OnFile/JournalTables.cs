using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Storage.Journal;
using Klock.Storage.Journal.Stored;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Tests.Replicated.OnFile;

/// <summary>The tables of a journal in a file: a row a batch by the number of its last event, of which the last is the head, and the last
/// snapshot.</summary>
/// <remarks>Not thread-safe. All but <see cref="Run{T}"/> is for inside a transaction.</remarks>
internal sealed class JournalTables(SqliteFile file)
{
    private const string Create =
        """
        CREATE TABLE IF NOT EXISTS batch (
            last INTEGER PRIMARY KEY, writer BLOB NOT NULL, number INTEGER NOT NULL, value BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS snapshot (one INTEGER PRIMARY KEY, pointer BLOB NOT NULL, value BLOB NOT NULL)
        """;

    /// <summary>Makes the tables when they are not there.</summary>
    public void Ensure(TimeProvider time)
    {
        Patience.Try(
            () =>
            {
                file.Run("PRAGMA journal_mode = WAL");
                file.Run("PRAGMA synchronous = NORMAL");
                return true;
            },
            time);
        Run("BEGIN IMMEDIATE", time, () =>
        {
            file.Run(Create);
            return true;
        });
    }

    /// <summary>Runs something in a transaction. When it fails nothing is written.</summary>
    public T Run<T>(string begin, TimeProvider time, Func<T> action)
    {
        file.ThrowIfNotAlone();
        Patience.Run(file.Statement(begin), time);
        try
        {
            T result = action();
            file.Statement("COMMIT").Run();
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <summary>The number of the last event, and the batch it came with.</summary>
    public (long Sequence, BatchId Last) Head()
    {
        Statement look = file.Statement("SELECT last, writer, number FROM batch ORDER BY last DESC LIMIT 1");
        if (!look.Step())
        {
            return default;
        }

        (long sequence, var last) = (look.Long(0), new BatchId(LeaseId.FromBytes(look.Blob(1)), look.Long(2)));
        look.Reset();
        return (sequence, last);
    }

    /// <summary>Appends a batch.</summary>
    public void Append(JournalBatch batch, ByteString written)
    {
        Span<byte> writer = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(writer, batch.Id.Writer.Value);
        file.Statement("INSERT INTO batch (last, writer, number, value) VALUES (?, ?, ?, ?)").Bind(batch.Events[^1].Sequence)
            .Bind(writer).Bind(batch.Id.Number).Bind(written.Span).Run();
    }

    /// <summary>The batches after a number that are kept, and their bytes.</summary>
    public (List<JournalBatch> Batches, long Bytes) Later(long after)
    {
        var batches = new List<JournalBatch>();
        long bytes = 0;
        Statement rows = file.Statement("SELECT value FROM batch WHERE last > ? ORDER BY last").Bind(after);
        while (rows.Step())
        {
            bytes += rows.Blob(0).Length;
            batches.Add(StoredEvents.ReadBatch(ByteString.CopyFrom(rows.Blob(0))));
        }

        return (batches, bytes);
    }

    /// <summary>The last batch that begins at a number or before it, and some of those after it.</summary>
    public List<JournalBatch> Around(long number, int most)
    {
        // One that ends at the number or after it may begin after it: then the one before is meant.
        Statement before = file.Statement("SELECT max(last) FROM batch WHERE last < ?").Bind(number);
        before.Step();
        long first = before.Long(0);
        before.Reset();
        List<JournalBatch> found = Later(first - 1).Batches;
        int next = found.FindIndex(batch => batch.Events[0].Sequence > number) is >= 0 and var at ? at : found.Count;
        return [.. found.Skip(next - 1).Take(next > 0 ? most + 1 : most)];
    }

    /// <summary>What is known of the last snapshot; null for none.</summary>
    public StoredPointer? Pointer() =>
        Value("SELECT pointer FROM snapshot") is { } value ? StoredSnapshots.ReadPointer(value) : null;

    /// <summary>The last snapshot.</summary>
    public JournalSnapshot Snapshot(StoredPointer pointer)
    {
        using var read = new StoredSnapshots.Reader(pointer);
        read.Add(Value("SELECT value FROM snapshot")!);
        return read.End();
    }

    /// <summary>Writes a snapshot instead of the last one, and drops batches that nobody needs any more.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="keptAfter">The batches after this number stay, the last one among them.</param>
    public StoredPointer Save(JournalSnapshot snapshot, long keptAfter)
    {
        ByteString value = StoredSnapshots.Write(snapshot, chunkBytes: int.MaxValue).Single();
        StoredPointer pointer = StoredSnapshots.PointTo(snapshot);
        (pointer.Chunks, pointer.Bytes, pointer.Checksum) = (1, value.Length, ByteString.CopyFrom(SHA256.HashData(value.Span)));
        file.Statement("INSERT OR REPLACE INTO snapshot (one, pointer, value) VALUES (1, ?, ?)").Bind(pointer.ToByteArray())
            .Bind(value.Span).Run();
        file.Statement("DELETE FROM batch WHERE last <= ?").Bind(keptAfter).Run();
        return pointer;
    }

    private ByteString? Value(string sql)
    {
        Statement look = file.Statement(sql);
        if (!look.Step())
        {
            return null;
        }

        var value = ByteString.CopyFrom(look.Blob(0));
        look.Reset();
        return value;
    }

    private void RollBack()
    {
        try
        {
            file.Statement("ROLLBACK").Run();
        }
        catch (SqliteException)
        {
            // Some failures end the transaction themselves.
        }
    }
}
