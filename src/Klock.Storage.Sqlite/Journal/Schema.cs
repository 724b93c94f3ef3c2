using System.Globalization;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The tables of a store's file, and how such a file is recognised.</summary>
/// <remarks>
/// <c>events</c> is the journal: what happened, in order, its last row being the store's head. <c>agents</c>,
/// <c>leases</c> and <c>waits</c> are the state that the journal leads to, so that opening a store need not replay its history.
/// </remarks>
internal static class Schema
{
    /// <summary>Raised when the tables change; a file with a higher one is refused.</summary>
    private static int Version => Steps.Length;

    private const string VersionPragma = "PRAGMA user_version";

    /// <summary>"Klok" in ASCII, in the field where SQLite files name their application.</summary>
    public const int ApplicationId = 0x4B6C6F6B;

    // What each version adds to the one before. A step that was ever shipped is never changed.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at_ms INTEGER NOT NULL, agent_id TEXT, priority INTEGER,
            lease_id BLOB, fencing_token INTEGER, previous_token INTEGER, session_id TEXT,
            resource_type INTEGER, resource_path TEXT, predicate INTEGER,
            ttl_ms INTEGER, expires_at_ms INTEGER, note TEXT, request_id TEXT,
            verdict INTEGER, wait_id BLOB, owner_id BLOB, wanted TEXT, changes_lease INTEGER, deadline_ms INTEGER, outcome INTEGER) STRICT;
        CREATE TABLE agents (agent_id TEXT PRIMARY KEY, priority INTEGER NOT NULL, used_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE leases (
            fencing_token INTEGER PRIMARY KEY, lease_id BLOB NOT NULL, agent_id TEXT NOT NULL, session_id TEXT NOT NULL,
            resource_type INTEGER NOT NULL, resource_path TEXT NOT NULL, predicate INTEGER NOT NULL, acquired_at_ms INTEGER NOT NULL,
            ttl_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL, last_heartbeat_ms INTEGER NOT NULL, note TEXT, request_id TEXT) STRICT;
        CREATE TABLE waits (
            wait_id BLOB PRIMARY KEY, sequence INTEGER NOT NULL, is_queued INTEGER NOT NULL, owner_id BLOB NOT NULL, agent_id TEXT NOT NULL,
            session_id TEXT NOT NULL, wanted TEXT NOT NULL, changes_lease INTEGER NOT NULL,
            ttl_ms INTEGER NOT NULL, deadline_ms INTEGER NOT NULL,
            alive_until_ms INTEGER NOT NULL, note TEXT, request_id TEXT) STRICT, WITHOUT ROWID;
        """,
        // The clock of each boot; in the one row of "ceiling" the highest number that may have been given (Ceiling.cs); and the
        // processes that leases are bound to.
        """
        CREATE TABLE clocks (boot TEXT PRIMARY KEY, anchor_ms INTEGER NOT NULL, made_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE ceiling (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL) STRICT;
        CREATE TABLE holders (
            holder_id BLOB PRIMARY KEY, boot TEXT NOT NULL, pid_namespace TEXT NOT NULL, pid INTEGER NOT NULL,
            started_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        ALTER TABLE events ADD COLUMN bound_to BLOB;
        ALTER TABLE leases ADD COLUMN bound_to BLOB;
        ALTER TABLE waits ADD COLUMN bound_to BLOB;
        """,
        // Of a klock run: the process group that it started, which may outlive it.
        """
        ALTER TABLE holders ADD COLUMN process_group INTEGER NOT NULL DEFAULT 0;
        """,
        // The leases that expired or were revoked (EventKind), so that opening a store need not read its history to find them.
        """
        CREATE INDEX ended_leases ON events (sequence, lease_id, kind, at_ms) WHERE kind IN (6, 7);
        """,
        // Which sessions are senior, and of every resource the last two grants that passed parked requests (PassingRows.cs). Until when a
        // wait is kept by the renewals of its session; and the last keep-alive of each process that waits, once for all its waits.
        // Of a lease that was changed the token of its grant.
        """
        ALTER TABLE events ADD COLUMN senior_since INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE leases ADD COLUMN senior_since INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE leases ADD COLUMN first_token INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE waits ADD COLUMN senior_since INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE waits ADD COLUMN kept_until_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE waits ADD COLUMN is_joined INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE owners (owner_id BLOB PRIMARY KEY, alive_until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO owners SELECT owner_id, max(alive_until_ms) FROM waits GROUP BY owner_id;
        ALTER TABLE waits DROP COLUMN alive_until_ms;
        CREATE TABLE passings (
            resource_type INTEGER NOT NULL, resource_path TEXT NOT NULL, predicate INTEGER NOT NULL,
            last INTEGER NOT NULL, before_last INTEGER NOT NULL,
            PRIMARY KEY (resource_type, resource_path, predicate)) STRICT, WITHOUT ROWID;
        """,
        // Which file this is (Restored.cs).
        """
        CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), inode INTEGER NOT NULL, born_at_ns INTEGER NOT NULL) STRICT;
        """,
        // The namespace that a resource, and all that a wait asks for, is in; none is null, and in a key ''.
        """
        ALTER TABLE events ADD COLUMN namespace TEXT;
        ALTER TABLE leases ADD COLUMN namespace TEXT;
        ALTER TABLE waits ADD COLUMN namespace TEXT;
        ALTER TABLE passings RENAME TO passings_before;
        CREATE TABLE passings (
            namespace TEXT NOT NULL, resource_type INTEGER NOT NULL, resource_path TEXT NOT NULL, predicate INTEGER NOT NULL,
            last INTEGER NOT NULL, before_last INTEGER NOT NULL,
            PRIMARY KEY (namespace, resource_type, resource_path, predicate)) STRICT, WITHOUT ROWID;
        INSERT INTO passings SELECT '', resource_type, resource_path, predicate, last, before_last FROM passings_before;
        DROP TABLE passings_before;
        """,
        // So that what a command concerns is found without reading all leases (LeaseIndex.cs); and whether anybody is senior.
        """
        ALTER TABLE leases ADD COLUMN is_indexed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE leases ADD COLUMN may_end_ms INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE indexed (one INTEGER PRIMARY KEY CHECK (one = 1), up_to INTEGER NOT NULL) STRICT;
        INSERT INTO indexed VALUES (1, 0);
        CREATE INDEX leases_by_path ON leases (resource_path) WHERE is_indexed = 1;
        CREATE INDEX leases_by_id ON leases (lease_id) WHERE is_indexed = 1;
        CREATE INDEX leases_by_end ON leases (may_end_ms) WHERE is_indexed = 1;
        CREATE INDEX leases_by_request ON leases (request_id) WHERE is_indexed = 1 AND request_id IS NOT NULL;
        CREATE INDEX leases_by_process ON leases (bound_to) WHERE is_indexed = 1 AND bound_to IS NOT NULL;
        CREATE INDEX senior_leases ON leases (senior_since) WHERE senior_since <> 0;
        """,
    ];

    private const int IndexedVersion = 8;

    /// <summary>
    /// Inside a write transaction: creates the tables in an empty file, adds what an older version lacks, and refuses what is no store.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path, for the error message.</param>
    /// <param name="now">The time.</param>
    public static void Ensure(SqliteFile file, string path, DateTimeOffset now)
    {
        long applicationId = file.Statement("PRAGMA application_id").Number();
        long version = file.Statement(VersionPragma).Number();
        if (applicationId == ApplicationId && version == Version)
        {
            return;
        }

        if (applicationId == ApplicationId && version > Version)
        {
            throw Newer(path, version);
        }

        if (applicationId == ApplicationId && version > 0)
        {
            Raise(file, version);
            return;
        }

        if (applicationId != 0 || version != 0 || HasTables(file))
        {
            throw new KlockException(
                ErrorCode.StorageUnavailable,
                OriginalTables.AreIn(file) ? OriginalTables.Advice(path)
                    : $"{path} is an SQLite database but not a Klock store; nothing in it was touched.");
        }

        Create(file, now);
    }

    /// <summary>Inside any transaction: throws when the tables are no longer those of this version of Klock.</summary>
    /// <param name="file">The file, which has been open for a while.</param>
    /// <exception cref="KlockException">A newer Klock has raised them meanwhile: rows of this one would lack what it needs.</exception>
    /// <exception cref="InvalidDataException">They are older: an earlier file was restored. Reopened, it is brought up to date.</exception>
    public static void Require(SqliteFile file)
    {
        long version = file.Statement(VersionPragma).Number();
        if (version != Version)
        {
            throw version > Version
                ? Newer(file.RealPath, version)
                : new InvalidDataException("its tables went back to those of an older Klock while it was in use");
        }
    }

    private static KlockException Newer(string path, long version) => new(
        ErrorCode.StorageUnavailable,
        $"The store {path} was written by a newer Klock (its schema is {version}, this one knows {Version}): "
            + "upgrade this Klock, or use another file.");

    private static void Raise(SqliteFile file, long version)
    {
        foreach (string step in Steps[(int)version..])
        {
            file.Run(step);
        }

        if (version is > 0 and < IndexedVersion)
        {
            LeaseIndex.Normalise(file);
        }

        file.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
    }

    private static void Create(SqliteFile file, DateTimeOffset now)
    {
        Raise(file, version: 0);
        file.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
        EventRows.Insert(file, new Event
        {
            Sequence = FencingTokens.Start(now),
            Kind = EventKind.Created,
            AtMs = now.ToUnixTimeMilliseconds(),
        });
    }

    private static bool HasTables(SqliteFile file) => file.Ask("SELECT count(*) FROM sqlite_schema") is not 0L;
}
