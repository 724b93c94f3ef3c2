using System.Runtime.InteropServices;
using Klock.Coordinator.Protocol;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Klock.Storage.Sqlite.Database;

/// <summary>One connection to one file. Not thread-safe.</summary>
internal sealed partial class SqliteFile : IDisposable
{
    /// <summary>What failed, for <see cref="FileConnection.Failure"/>.</summary>
    public const string Failed = "the statement failed";

    // SQLITE_FCNTL_HAS_MOVED; SQLitePCLRaw has no file control.
    private const int FileHasMoved = 20;

    // A process that comes alone reads the whole log, so a long one costs each of them more than one of them writing it back.
    private const long LongLogBytes = 1 << 20;

    private readonly FileConnection _connection;
    private readonly string _path;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly LogLength _log;

    private SqliteFile(FileConnection connection, string path)
    {
        _connection = connection;
        _path = path;
        _log = new LogLength(connection.Handle!);
        RealPath = connection.DataSource;
        Identity = FileStatus.Read(RealPath, out _)?.Identity;
    }

    /// <summary>Which file it is; null when the system does not report that.</summary>
    public FileIdentity? Identity { get; }

    /// <summary>The file's path with all symbolic links resolved: its log is beside it.</summary>
    public string RealPath { get; }

    /// <summary>
    /// Whether a log that is short stays where it is when the last connection is closed, instead of being written into the database
    /// file. It is as durable there.
    /// </summary>
    /// <remarks>
    /// A long one is written back by the last connection to close: the checkpoints at a thousand pages would not make it start over,
    /// since SQLite forgets what they have written back when the last connection closes.
    /// </remarks>
    private bool KeepsShortLog { get; init; }

    /// <summary>Opens a file, which must exist.</summary>
    public static SqliteFile Open(string path, bool keepsShortLog)
    {
        var connection = new FileConnection(path);
        connection.Open();
        return new SqliteFile(connection, path) { KeepsShortLog = keepsShortLog };
    }

    /// <summary>Called after a commit: checkpoints the log when it has grown long.</summary>
    public void ShortenLog() => _log.Shorten();

    /// <summary>A statement that is prepared at its first use and kept.</summary>
    public Statement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            statement = new Statement(_connection, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>A number that differs when another connection has committed since the last call.</summary>
    public long DataVersion() => Statement("PRAGMA data_version").Number();

    /// <summary>Throws when opening its path now would not give this very file, or the file can be reached in another way too.</summary>
    /// <exception cref="IOException">It was deleted, moved or replaced, or a link on its path now leads elsewhere.</exception>
    /// <exception cref="KlockException">It has got a second name.</exception>
    public void ThrowIfNotAlone()
    {
        FileStatus? standing = FileStatus.Read(_path, out bool isThere);
        if (!isThere || (standing is { } found ? found.Identity != Identity : HasMoved()))
        {
            // A process that opens the path now gets another file: the two must not serve as one store.
            throw new IOException("the file was deleted or replaced while it was in use");
        }

        if (standing is not null)
        {
            OnePath.RequireOneName(_path, standing.Value);
        }
    }

    /// <summary>Whether the file is where it was, as far as that is known.</summary>
    public bool IsStanding() => FileStatus.Read(RealPath, out _)?.Identity == Identity;

    /// <summary>Called right after opening: throws unless it is the file that was meant, and can be reached by one path only.</summary>
    /// <exception cref="IOException">Another file took its place meanwhile.</exception>
    /// <exception cref="KlockException">It can be reached at another path.</exception>
    public void Identify()
    {
        if (HasMoved())
        {
            throw new IOException("the file was replaced while it was opened");
        }

        OnePath.Require(RealPath);
        ThrowIfNotAlone();
    }

    /// <summary>Runs statements that are rarely needed.</summary>
    public void Run(string sql, params ReadOnlySpan<SqliteParameter> parameters) =>
        Execute(sql, parameters, command => command.ExecuteNonQuery());

    /// <summary>Runs a statement that is rarely needed: returns the first value of its first row, null when there is no row.</summary>
    public object? Ask(string sql, params ReadOnlySpan<SqliteParameter> parameters) =>
        Execute(sql, parameters, command => command.ExecuteScalar());

    /// <summary>Closes the connection. An open transaction is rolled back.</summary>
    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        if (KeepsShortLog && new FileInfo(RealPath + "-wal") is { Exists: true, Length: < LongLogBytes })
        {
            _ = raw.sqlite3_db_config(_connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        }

        _connection.Dispose();
    }

    private T Execute<T>(string sql, ReadOnlySpan<SqliteParameter> parameters, Func<SqliteCommand, T> execute)
    {
        using var command = new SqliteCommand(sql, _connection);
        foreach (SqliteParameter parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        try
        {
            return execute(command);
        }
        catch (SqliteException)
        {
            throw _connection.Failure(Failed);
        }
    }

    // Whether the open file is no longer at its real path, as SQLite checks it: by its inode alone. On Windows it has no such check, and
    // nobody can replace a file that it has open.
    private unsafe bool HasMoved()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        int moved = 0;
        int code = FileControl(_connection.Handle!.DangerousGetHandle(), "main", FileHasMoved, &moved);
        GC.KeepAlive(_connection);
        return code == raw.SQLITE_OK ? moved != 0 : throw _connection.Failure("the file cannot be looked at");
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int FileControl(nint connection, string database, int operation, void* argument);
}
