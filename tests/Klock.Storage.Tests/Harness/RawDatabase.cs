using SQLitePCL;

namespace Klock.Storage.Tests.Harness;

/// <summary>A connection that knows nothing of Klock: to look into a store's file, to spoil it, or to stand in its way.</summary>
internal sealed class RawDatabase : IDisposable
{
    private readonly sqlite3 _connection;

    static RawDatabase() => raw.SetProvider(new SQLite3Provider_e_sqlite3());

    public RawDatabase(string path)
    {
        Check(raw.sqlite3_open_v2(path, out _connection, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, null));
    }

    public static void Run(string path, string sql)
    {
        using var database = new RawDatabase(path);
        database.Run(sql);
    }

    public static string? Ask(string path, string sql)
    {
        using var database = new RawDatabase(path);
        return database.Ask(sql);
    }

    /// <summary>Copies all of one database over another, as <c>.backup</c> and <c>.restore</c> of the sqlite3 program do.</summary>
    public static void Copy(string from, string to)
    {
        using RawDatabase source = new(from), target = new(to);
        using sqlite3_backup copy = raw.sqlite3_backup_init(target._connection, "main", source._connection, "main");
        int code = raw.sqlite3_backup_step(copy, -1);
        source.Check(code == raw.SQLITE_DONE ? raw.SQLITE_OK : code);
        target.Check(raw.sqlite3_backup_finish(copy));
    }

    public void Run(string sql) => Check(raw.sqlite3_exec(_connection, sql));

    /// <summary>The first column of the first row, as text.</summary>
    public string? Ask(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_connection, sql, out sqlite3_stmt statement));
        using (statement)
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW ? raw.sqlite3_column_text(statement, 0).utf8_to_string() : null;
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite said {code}: {raw.sqlite3_errmsg(_connection).utf8_to_string()}");
        }
    }
}
