using SQLitePCL;

namespace Klock.Storage.Bench;

/// <summary>What SQLite alone costs: a transaction of one row, on a file set up as a store's is.</summary>
internal sealed class BareSqlite : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _commit;

    static BareSqlite() => raw.SetProvider(new SQLite3Provider_e_sqlite3());

    public BareSqlite(string path)
    {
        Check(raw.sqlite3_open(path, out _connection));
        Check(raw.sqlite3_exec(_connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
        Check(raw.sqlite3_exec(_connection, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)"));
        _begin = Prepare("BEGIN IMMEDIATE");
        _insert = Prepare("INSERT INTO t (b) VALUES ('one row')");
        _commit = Prepare("COMMIT");
    }

    /// <summary>BEGIN IMMEDIATE, INSERT, COMMIT.</summary>
    public void Transaction()
    {
        Run(_begin);
        Run(_insert);
        Run(_commit);
    }

    public void Dispose()
    {
        _begin.Dispose();
        _insert.Dispose();
        _commit.Dispose();
        _connection.Dispose();
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_connection, sql, out sqlite3_stmt statement));
        return statement;
    }

    private static void Run(sqlite3_stmt statement)
    {
        if (raw.sqlite3_step(statement) != raw.SQLITE_DONE)
        {
            throw new InvalidOperationException("SQLite did not finish a statement.");
        }

        Check(raw.sqlite3_reset(statement));
    }

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite said {code}.");
        }
    }
}
