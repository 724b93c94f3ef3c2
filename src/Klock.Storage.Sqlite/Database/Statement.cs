using SQLitePCL;

namespace Klock.Storage.Sqlite.Database;

/// <summary>One prepared statement, used over and over. Not thread-safe; belongs to its <see cref="SqliteFile"/>.</summary>
internal sealed class Statement(sqlite3 connection, sqlite3_stmt handle) : IDisposable
{
    private readonly Row _row = new(handle.DangerousGetHandle());
    private int _bound;

    public Statement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(handle, ++_bound, value));
        return this;
    }

    public Statement Bind(string? value)
    {
        _bound++;
        Check(value is null ? raw.sqlite3_bind_null(handle, _bound) : raw.sqlite3_bind_text(handle, _bound, value));
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(handle, ++_bound, value));
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
        int code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // Made before the reset: it describes the step.
        SqliteFailure? failure = code == raw.SQLITE_DONE ? null : Failure();
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
        int code = raw.sqlite3_step(handle);
        SqliteFailure? failure = code is raw.SQLITE_DONE or raw.SQLITE_ROW ? null : Failure();
        Reset();
        return failure is null || (failure.IsBusy ? false : throw failure);
    }

    /// <summary>Ends a read before its last row.</summary>
    public void Reset()
    {
        // Their codes repeat what the last step said.
        _ = raw.sqlite3_reset(handle);
        _ = raw.sqlite3_clear_bindings(handle);
        _bound = 0;
    }

    public long Long(int column) => _row.Long(column);

    public string Text(int column) => _row.Text(column, "");

    /// <summary>The text in a column: the object that is given when it says the same, since many rows do.</summary>
    public string Text(int column, string likely) => _row.Text(column, likely);

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    public ReadOnlySpan<byte> Blob(int column) => _row.Blob(column);

    public bool IsNull(int column) => _row.IsNull(column);

    public void Dispose() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure();
        }
    }

    private SqliteFailure Failure() => SqliteFile.Failure(connection, "the statement failed");
}
