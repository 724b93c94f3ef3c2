using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A file of an older Klock is brought up to date when it is opened, and keeps what it holds.</summary>
public sealed class MigrationTests : FileSuite
{
    // Takes back what each version added to the one before; the first entry that of version 2.
    private static readonly string[] _undo =
    [
        """
        DROP TABLE clocks; DROP TABLE ceiling; DROP TABLE holders; ALTER TABLE events DROP COLUMN bound_to;
        ALTER TABLE leases DROP COLUMN bound_to; ALTER TABLE waits DROP COLUMN bound_to
        """,
        "ALTER TABLE holders DROP COLUMN process_group",
        "DROP INDEX ended_leases",
        """
        ALTER TABLE events DROP COLUMN senior_since; ALTER TABLE leases DROP COLUMN senior_since;
        ALTER TABLE leases DROP COLUMN first_token; ALTER TABLE waits DROP COLUMN senior_since; ALTER TABLE waits DROP COLUMN kept_until_ms;
        ALTER TABLE waits DROP COLUMN is_joined;
        ALTER TABLE waits ADD COLUMN alive_until_ms INTEGER NOT NULL DEFAULT 9000000000000; DROP TABLE owners; DROP TABLE passings
        """,
        "DROP TABLE identity",
        """
        ALTER TABLE events DROP COLUMN namespace; ALTER TABLE leases DROP COLUMN namespace; ALTER TABLE waits DROP COLUMN namespace;
        ALTER TABLE passings RENAME TO passings_now;
        CREATE TABLE passings (
            resource_type INTEGER NOT NULL, resource_path TEXT NOT NULL, predicate INTEGER NOT NULL,
            last INTEGER NOT NULL, before_last INTEGER NOT NULL,
            PRIMARY KEY (resource_type, resource_path, predicate)) STRICT, WITHOUT ROWID;
        INSERT INTO passings SELECT resource_type, resource_path, predicate, last, before_last FROM passings_now; DROP TABLE passings_now
        """,
        """
        DROP INDEX leases_by_path; DROP INDEX leases_by_id; DROP INDEX leases_by_end; DROP INDEX leases_by_request;
        DROP INDEX leases_by_process; DROP INDEX senior_leases; DROP TABLE indexed; ALTER TABLE leases DROP COLUMN is_indexed;
        ALTER TABLE leases DROP COLUMN may_end_ms
        """,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void A_store_of_an_older_version_keeps_its_leases_and_has_namespaces(int version)
    {
        StoreClient client = Open();
        Answer held = client.Acquire("a", note: "kept");
        CloseAll();
        Lower(version);
        client = Open();
        Assert.Equal(_undo.Length + 1, int.Parse(RawDatabase.Ask(FilePath, "PRAGMA user_version")!));
        Assert.Equal([held.LeaseId], client.ActiveIds());
        Assert.Equal(held.Token + 1, client.Acquire("a", "CONSUMES").Token);
        Assert.Equal("DIE", client.Acquire("b").Reason);
        Assert.True(client.Ask(Operation.Acquire, Request.Acquire("b").With("namespace", "shop").ToString()).Success);
    }

    [Fact]
    public void Who_was_passed_before_the_store_had_namespaces_is_senior_at_the_next_pass()
    {
        StoreClient client = Open();
        for (ulong age = 0; age < 3; age++)
        {
            client.Register($"elder{age}", age);
        }

        string held = client.Acquire("elder2").LeaseId;
        client.Wait("young");
        Waiting first = client.Wait("elder1"), second = client.Wait("elder0");
        client.Release(held);
        held = first.Answered().LeaseId;
        Lower(6);
        client = Open();
        Assert.Equal("|1", RawDatabase.Ask(FilePath, "SELECT namespace || '|' || count(*) FROM passings"));
        client.Release(held);
        Assert.True(second.Answered().Success);
        Assert.Equal(["queued young FILE:src/a.ts"], Open().Waiters());
    }

    private void Lower(int version)
    {
        for (int i = _undo.Length; i >= version; i--)
        {
            RawDatabase.Run(FilePath, _undo[i - 1]);
        }

        RawDatabase.Run(FilePath, $"PRAGMA user_version = {version}");
    }

    [Fact]
    public void What_is_held_under_a_name_as_it_was_written_once_is_found_by_the_one_it_has_now()
    {
        string held = Open().Acquire("a", path: "C:/x").LeaseId;
        CloseAll();
        RawDatabase.Run(FilePath, "UPDATE leases SET resource_path = 'c:/x'");
        Lower(7);
        Assert.Equal("DIE", Open().Acquire("b", path: "C:/x").Reason);
        Assert.Equal("C:/x", RawDatabase.Ask(FilePath, "SELECT resource_path FROM leases"));
        Assert.True(Open().Release(held).Success);
    }

    // SYMBOL a.erl#f/1 was a flat name once, and is refused today.
    [Fact]
    public void What_is_held_under_a_name_that_is_refused_today_goes_on_being_held()
    {
        string held = Open().Acquire("a", type: "SYMBOL", path: "flat").LeaseId;
        CloseAll();
        RawDatabase.Run(
            FilePath, "UPDATE leases SET resource_path = 'a.erl#f/1'; UPDATE events SET resource_path = 'a.erl#f/1' WHERE kind = 3");
        StoreClient client = Open();
        Assert.Equal("SYMBOL:a.erl#f/1", client.List().Data[0].GetProperty("resource").GetString());
        Assert.Contains(client.Events(), happened => happened.GetProperty("kind").GetString() == "GRANTED");
        client.Release(held);
        Assert.Empty(client.ActiveIds());
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_file_as_it_was()
    {
        Open().Acquire("a");
        CloseAll();
        RawDatabase.Run(FilePath, "DROP TABLE ceiling; PRAGMA user_version = 1");
        string schema = Schema();

        // The second version's first table is in its way.
        Assert.Contains("clocks", Assert.Throws<KlockException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal(schema, Schema());
        Assert.Equal("1", RawDatabase.Ask(FilePath, "PRAGMA user_version"));
    }

    private string Schema() => RawDatabase.Ask(FilePath, "SELECT group_concat(sql) FROM sqlite_schema")!;
}
