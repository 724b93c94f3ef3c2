using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Klock.Storage.Sqlite.Database;

/// <summary>One prepared statement, reused. Not thread-safe; belongs to its <see cref="SqliteFile"/>.</summary>
/// <remarks>
/// For the statements of every command. It calls SQLite itself: with <see cref="SqliteCommand"/>, which finds each parameter by its name
/// and boxes each value, a pair of acquire and release takes 24 % more of the processor, and with <see cref="SqliteTransaction"/>, which
/// prepares its statements anew, 15 %. What is rarely needed goes through <see cref="SqliteFile.Run"/> and <see cref="SqliteFile.Ask"/>.
/// </remarks>
internal sealed class Statement : IDisposable
{
    private readonly FileConnection _connection;
    private readonly sqlite3_stmt _handle;
    private readonly Row _row;
    private int _bound;

    public Statement(FileConnection connection, string sql)
    {
        _connection = connection;
        int code = raw.sqlite3_prepare_v2(connection.Handle, sql, out _handle);
        _row = code == raw.SQLITE_OK ? new(_handle.DangerousGetHandle()) : throw connection.Failure("the statement cannot be prepared");
    }

    public Statement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_handle, ++_bound, value));
        return this;
    }

    public Statement Bind(string? value)
    {
        _bound++;
        Check(value is null ? raw.sqlite3_bind_null(_handle, _bound) : raw.sqlite3_bind_text(_handle, _bound, value));
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_handle, ++_bound, value));
        return this;
    }

    public Statement BindNulls(int count)
    {
        // Bindings are cleared before each use: what is not bound is null.
        _bound += count;
        return this;
    }

    /// <summary>Moves to the next row; at the end the statement is ready for its next use.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // Read before the reset: it describes the step.
        SqliteException? failure = code == raw.SQLITE_DONE ? null : Failure();
        Reset();
        return failure is null ? false : throw failure;
    }

    /// <summary>Runs a statement that has no rows to read.</summary>
    public void Run()
    {
        if (Step())
        {
            Reset();
        }
    }

    /// <summary>Runs a statement that takes a lock; false when another connection has it.</summary>
    public bool TryRun()
    {
        int code = raw.sqlite3_step(_handle);
        SqliteException? failure = code is raw.SQLITE_DONE or raw.SQLITE_ROW or raw.SQLITE_BUSY ? null : Failure();
        Reset();
        return failure is null ? code != raw.SQLITE_BUSY : throw failure;
    }

    /// <summary>Runs a statement whose result is one number.</summary>
    public long Number()
    {
        Step();
        long number = Long(0);
        Reset();
        return number;
    }

    /// <summary>Ends a read before its last row.</summary>
    public void Reset()
    {
        // The result code repeats that of the last step.
        _ = raw.sqlite3_reset(_handle);
        _ = raw.sqlite3_clear_bindings(_handle);
        _bound = 0;
    }

    public long Long(int column) => _row.Long(column);

    public string Text(int column) => _row.Text(column, "");

    /// <summary>The text in a column: the given object when its text is the same, since many rows repeat it.</summary>
    public string Text(int column, string likely) => _row.Text(column, likely);

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    public ReadOnlySpan<byte> Blob(int column) => _row.Blob(column);

    public bool IsNull(int column) => _row.IsNull(column);

    public void Dispose() => _handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure();
        }
    }

    private SqliteException Failure() => _connection.Failure(SqliteFile.Failed);
}
