using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A file of an older Klock is brought up to date when it is opened, and keeps what it holds.</summary>
public sealed class MigrationTests : FileSuite
{
    [Fact]
    public void A_store_of_the_first_version_keeps_its_leases()
    {
        Client client = Open();
        Answer held = client.Acquire("a", note: "kept");
        CloseAll();
        RawDatabase.Run(FilePath, """
            DROP TABLE identity; DROP TABLE passings; DROP TABLE owners; DROP INDEX ended_leases; DROP TABLE clocks;
            DROP TABLE ceiling; DROP TABLE holders;
            ALTER TABLE events DROP COLUMN senior_since; ALTER TABLE leases DROP COLUMN senior_since;
            ALTER TABLE leases DROP COLUMN first_token; ALTER TABLE waits DROP COLUMN senior_since;
            ALTER TABLE waits DROP COLUMN kept_until_ms; ALTER TABLE waits DROP COLUMN is_joined;
            ALTER TABLE waits ADD COLUMN alive_until_ms INTEGER NOT NULL DEFAULT 0; ALTER TABLE events DROP COLUMN bound_to;
            ALTER TABLE leases DROP COLUMN bound_to; ALTER TABLE waits DROP COLUMN bound_to; PRAGMA user_version = 1
            """);
        client = Open();
        Assert.Equal("6", RawDatabase.Ask(FilePath, "PRAGMA user_version"));
        Assert.Equal([held.LeaseId], client.ActiveIds());
        Assert.Equal(held.Token + 1, client.Acquire("a", "CONSUMES").Token);
    }

    // SYMBOL a.erl#f/1 was a flat name once, and is refused today.
    [Fact]
    public void What_is_held_under_a_name_that_is_refused_today_goes_on_being_held()
    {
        string held = Open().Acquire("a", type: "SYMBOL", path: "flat").LeaseId;
        CloseAll();
        RawDatabase.Run(
            FilePath, "UPDATE leases SET resource_path = 'a.erl#f/1'; UPDATE events SET resource_path = 'a.erl#f/1' WHERE kind = 3");
        Client client = Open();
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
        Assert.Contains("clocks", Assert.Throws<Klock.Coordinator.KlockException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal(schema, Schema());
        Assert.Equal("1", RawDatabase.Ask(FilePath, "PRAGMA user_version"));
    }

    private string Schema() => RawDatabase.Ask(FilePath, "SELECT group_concat(sql) FROM sqlite_schema")!;
}
