using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Sqlite.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Klock.Storage.Sqlite.Import;

/// <summary>A database of the original Klock, opened to be read: its rows, whatever its tables are called. Not thread-safe.</summary>
public sealed class OriginalDatabase : IDisposable
{
    private readonly FileConnection _connection;
    private readonly string _path;

    private OriginalDatabase(FileConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <summary>Opens a file, and changes nothing in it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: there is no such file, or it is a store of this Klock.
    /// <see cref="ErrorCode.StorageUnavailable"/>: it cannot be read.</exception>
    public static OriginalDatabase Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new KlockException(ErrorCode.InvalidRequest, $"there is no file '{path}'.");
        }

        var connection = new FileConnection(path, isForReading: true);
        try
        {
            connection.Open();
            var file = new OriginalDatabase(connection, path);
            file.RefuseOwn();
            return file;
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw Unreadable(path, failure);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The names of its tables.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: it cannot be read.</exception>
    public IReadOnlyList<string> Tables() =>
        [.. Read("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")
            .Select(row => (string)row["name"])];

    /// <summary>The rows of a table: its values that are not null, by the names of their columns in small letters.</summary>
    /// <remarks>A value is a <see cref="long"/>, a <see cref="double"/>, a <see cref="string"/> or an array of bytes.</remarks>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: it cannot be read.</exception>
    public IEnumerable<IReadOnlyDictionary<string, object>> Rows(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Read($"SELECT * FROM \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _connection.Dispose();

    private void RefuseOwn()
    {
        if (Read("PRAGMA application_id").Any(row => row.Values.Contains((long)Schema.ApplicationId)))
        {
            throw new KlockException(
                ErrorCode.InvalidRequest, $"{_path} is a store of this Klock already: there is nothing to import, name it with --storage.");
        }
    }

    // One row at a time: a table of events may be of any size.
    private IEnumerable<IReadOnlyDictionary<string, object>> Read(string sql)
    {
        using var command = new SqliteCommand(sql, _connection);
        using SqliteDataReader reader = Guarded(command.ExecuteReader);
        while (Guarded(reader.Read))
        {
            yield return Guarded(() => RowOf(reader));
        }
    }

    private static Dictionary<string, object> RowOf(SqliteDataReader reader)
    {
        var row = new Dictionary<string, object>(StringComparer.Ordinal);
        for (int i = 0; i < reader.FieldCount; i++)
        {
            if (!reader.IsDBNull(i))
            {
                row[reader.GetName(i).ToLowerInvariant()] = reader.GetValue(i);
            }
        }

        return row;
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException failure)
        {
            throw Unreadable(_path, failure);
        }
    }

    private static KlockException Unreadable(string path, SqliteException failure) => new(
        ErrorCode.StorageUnavailable,
        failure.SqliteErrorCode switch
        {
            raw.SQLITE_NOTADB => $"{path} is no SQLite database.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"{path} is in use: stop the server that uses it first.",
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN =>
                $"{path} cannot be read where it is: SQLite has to write beside it. Copy it, with its -wal or -journal file, into a folder "
                + "that you may write, and import the copy.",
            _ => $"{path} cannot be read: {failure.Message.TrimEnd('.')}.",
        },
        failure);
}
