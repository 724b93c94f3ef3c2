using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>Recognises the database of the original Klock, whose place a store may be opened at by mistake.</summary>
internal static class OriginalTables
{
    /// <summary>Whether it has tables of leases or agents, with a column that these have.</summary>
    public static bool AreIn(SqliteFile file) => file.Ask("""
        SELECT count(*) FROM sqlite_schema AS one, pragma_table_info(one.name) AS field
        WHERE one.type = 'table' AND lower(one.name) IN ('leases', 'agents')
            AND lower(field.name) IN ('agent_id', 'priority', 'predicate', 'resource', 'resource_path', 'data')
        """) is not 0L;

    /// <summary>What to do with such a file.</summary>
    public static string Advice(string path) =>
        $"{path} looks like a database of the original Klock: 'klock import {path}' takes its leases and priorities over into a store, "
        + "and another file is needed here; nothing in it was touched.";
}
