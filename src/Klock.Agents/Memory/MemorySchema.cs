using Klock.Storage.Sqlite.Database;

namespace Klock.Agents.Memory;

/// <summary>The tables of what hooks remember from one event to the next.</summary>
internal static class MemorySchema
{
    private const long Version = 3;

    private const string Tables =
        """
        CREATE TABLE agents (
          agent TEXT PRIMARY KEY, main TEXT NOT NULL, priority INTEGER NOT NULL, process INTEGER NOT NULL, started INTEGER NOT NULL,
          seen_at INTEGER NOT NULL, over INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX agents_by_main ON agents (main);
        CREATE TABLE leases (
          lease TEXT PRIMARY KEY, agent TEXT NOT NULL, resource TEXT NOT NULL, path TEXT NOT NULL, predicate TEXT NOT NULL,
          call TEXT NOT NULL, since INTEGER NOT NULL, before TEXT, whole INTEGER NOT NULL,
          awaited INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX leases_by_agent ON leases (agent, resource);
        CREATE TABLE contents (
          agent TEXT NOT NULL, resource TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY (agent, resource)) WITHOUT ROWID;
        CREATE TABLE writers (
          resource TEXT PRIMARY KEY, agent TEXT NOT NULL, path TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX writers_by_time ON writers (at);
        CREATE TABLE notices (number INTEGER PRIMARY KEY, agent TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX notices_by_agent ON notices (agent);
        CREATE TABLE rescues (
          agent TEXT NOT NULL, call TEXT NOT NULL, resource TEXT NOT NULL, path TEXT NOT NULL, hash TEXT NOT NULL, blob TEXT,
          victim TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (agent, call, resource)) WITHOUT ROWID;
        CREATE TABLE refusals (agent TEXT NOT NULL, call TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (agent, call)) WITHOUT ROWID;
        CREATE TABLE places (main TEXT NOT NULL, folder TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (main, folder)) WITHOUT ROWID;
        CREATE TABLE counts (name TEXT PRIMARY KEY, count INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        """;

    // Version 1 did not note which subagents are over; at first it had no refusals either.
    private const string From1 =
        """
        ALTER TABLE agents ADD COLUMN over INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE IF NOT EXISTS refusals (agent TEXT NOT NULL, call TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (agent, call))
          WITHOUT ROWID;
        """;

    // Version 2 knew no claims.
    private const string From2 =
        """
        CREATE TABLE claims (lease TEXT PRIMARY KEY, agent TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX claims_by_agent ON claims (agent);
        CREATE TABLE calls (
          number INTEGER PRIMARY KEY, call TEXT NOT NULL, agent TEXT NOT NULL, process INTEGER NOT NULL, started INTEGER NOT NULL,
          digest TEXT NOT NULL, at INTEGER NOT NULL);
        """;

    /// <summary>Makes the tables unless they are there.</summary>
    /// <exception cref="InvalidDataException">They are of another version.</exception>
    public static void Ensure(SqliteFile file)
    {
        if (Read(file) == Version)
        {
            return;
        }

        file.Run("PRAGMA journal_mode = WAL");
        file.Run("BEGIN IMMEDIATE");
        long found = Read(file);
        if (found is >= 0 and < Version)
        {
            file.Run(found == 0 ? Tables + From2 : found == 1 ? From1 + From2 : From2);
            file.Run($"PRAGMA user_version = {Version}");
        }

        file.Run("COMMIT");
        if (found is < 0 or > Version)
        {
            throw new InvalidDataException(
                $"it was written by another version of Klock (its version is {found}, this one reads {Version})");
        }
    }

    private static long Read(SqliteFile file) => (long)(file.Ask("PRAGMA user_version") ?? 0L);
}
