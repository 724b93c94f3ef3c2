using System.Data;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Klock.Storage.Sqlite.Database;

/// <summary>A connection to a file that exists. Its commands fail at once when the file is locked: <see cref="Patience"/> waits.</summary>
/// <remarks>
/// It opens and closes the file itself. The base class does that through its pool, even with pooling off, and the pool starts a timer,
/// which is a thread: the library has none of its own, a process may be at its limit of threads, and <c>klock acquire</c> takes 6 % more
/// of the processor.
/// </remarks>
/// <param name="path">The file.</param>
/// <param name="isForReading">Whether nothing is written to it. Of a file with a log SQLite may make the log's files beside it.</param>
internal sealed class FileConnection(string path, bool isForReading = false) : SqliteConnection
{
    private sqlite3? _handle;

    static FileConnection() => raw.SetProvider(new SQLite3Provider_e_sqlite3());

    public override sqlite3? Handle => _handle;

    public override ConnectionState State => _handle is null ? ConnectionState.Closed : ConnectionState.Open;

    /// <summary>In seconds. Negative, so that a command that finds the file locked is not retried; 0 would mean for ever.</summary>
    public override int DefaultTimeout => -1;

    // The constructor of the base class sets it, and its own setter consults the pool.
    [AllowNull]
    public override string ConnectionString { get => path; set => _ = value; }

    public override void Open()
    {
        // A connection has one user at a time, which the store's lock ensures, so SQLite needs no mutex of its own.
        int access = isForReading ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE;
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, access | raw.SQLITE_OPEN_NOMUTEX, null);
        _handle = handle;
        if (code != raw.SQLITE_OK)
        {
            SqliteException failure = Failure($"{path} cannot be opened");
            Close();
            throw failure;
        }
    }

    public override void Close()
    {
        _handle?.Dispose();
        _handle = null;
    }

    /// <summary>The error of the SQLite call that just failed, with a message of ours.</summary>
    /// <param name="what">What failed.</param>
    public SqliteException Failure(string what)
    {
        int code = raw.sqlite3_extended_errcode(_handle);
        string reason = raw.sqlite3_errmsg(_handle).utf8_to_string();
        return new SqliteException($"{what}: {reason} (SQLite code {code})", code & 0xff, code);
    }
}
