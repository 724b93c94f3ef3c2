using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>
/// A process that runs one command reads the part of the state that the command concerns. An invalid row shows what was read: a read of it
/// fails.
/// </summary>
public sealed class StatePartTests : FileSuite
{
    private const string Spoil = "UPDATE leases SET predicate = 99 WHERE resource_path = 'spoilt'";
    private const string Index = "UPDATE leases SET is_indexed = 1, may_end_ms = expires_at_ms WHERE is_indexed = 0; "
        + "UPDATE indexed SET up_to = (SELECT max(sequence) FROM events)";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_first_command_is_not_about_is_not_read(bool isIndexed)
    {
        string held = HoldBesideSpoilt(isIndexed, "src/a.ts");
        Assert.True(Open().Acquire("b", path: "src/b.ts").Success);
        Assert.True(Open().AcquireAll("b", Request.Intent("MUTATES", "x/**"), Request.Intent("DELETES", "gpu", "CUSTOM")).Success);
        Assert.Equal("DIE", Open().Acquire("b", path: "src/**").Reason);
        Assert.Equal("DIE", Open().Acquire("b", path: "src/a.ts#f", type: "SYMBOL").Reason);
        Assert.True(Open().Get(held).Success);
        Assert.True(Open().Heartbeat(held).Success);
        Assert.Equal("UNKNOWN_LEASE", Open().Get(new string('0', 32)).Code);
        Assert.Equal("UNKNOWN_LEASE", Open().Release(new string('0', 32)).Code);
        Assert.True(Open().Ask(Operation.Acquire, Request.Acquire("b", path: "free").With("wait_ms", 1_000).ToString()).Success);
        Assert.True(Open().Release(held).Success);
        Assert.Equal("STORAGE_UNAVAILABLE", Open().List().Code);
        Assert.Equal("STORAGE_UNAVAILABLE", Open().Acquire("b", path: "**").Code);
        Assert.Equal("STORAGE_UNAVAILABLE", Open().Acquire("b", path: "spoilt").Code);
        Assert.Equal("STORAGE_UNAVAILABLE", Open().Acquire("b", path: "spoilt#f", type: "SYMBOL").Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_over_is_ended_whatever_a_command_is_about(bool isIndexed)
    {
        HoldBesideSpoilt(isIndexed, "src/a.ts");
        StoreClient client = Open();
        string brief = client.Acquire("b", path: "brief", ttl: 5_000).LeaseId;
        CloseAll();
        RawDatabase.Run(FilePath, isIndexed ? Index : "SELECT 1");
        Advance(5_000);
        Assert.True(Open().Acquire("c", path: "src/c.ts").Success);
        Assert.Equal("1", RawDatabase.Ask(FilePath, "SELECT count(*) FROM events WHERE kind = 6"));
        Assert.Equal("EXPIRED", Open().Release(brief).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_process_that_is_gone_held_is_ended_whatever_a_command_is_about(bool isIndexed)
    {
        HoldBesideSpoilt(isIndexed: false, "src/a.ts");
        string orphan = new StoreClient(OpenCoordinator(binds: true)).Acquire("b", path: "orphan", ttl: 3_600_000).LeaseId;
        CloseAll();
        RawDatabase.Run(FilePath, "UPDATE holders SET started_at = started_at - 1;" + (isIndexed ? Index : ""));
        Assert.True(Open().Acquire("c", path: "src/c.ts").Success);
        Assert.Equal("0", RawDatabase.Ask(FilePath, "SELECT count(*) FROM leases WHERE resource_path = 'orphan'"));
        Assert.Equal("0", RawDatabase.Ask(FilePath, "SELECT count(*) FROM holders"));
        Assert.Equal("EXPIRED", Open().Get(orphan).Code);
    }

    [Fact]
    public void A_renewed_lease_that_is_indexed_ends_when_it_does()
    {
        string held = HoldBesideSpoilt(isIndexed: true, "src/a.ts");
        Assert.True(Open().Heartbeat(held).Success);
        Assert.True(Open().Ask(Operation.Heartbeat, Request.Of(("lease_id", held), ("ttl", 5_000)).ToString()).Success);
        Advance(4_999);
        Assert.True(Open().Acquire("c", path: "src/c.ts").Success);
        Assert.True(Open().Heartbeat(held).Success);
        Advance(4_999);
        Assert.True(Open().Acquire("c", path: "src/d.ts").Success);
        Assert.True(Open().Get(held).Success);
        Advance(1);
        Assert.True(Open().Acquire("c", path: "src/e.ts").Success);
        Assert.Equal("1", RawDatabase.Ask(FilePath, "SELECT count(*) FROM events WHERE kind = 6"));
    }

    [Fact]
    public void A_process_that_goes_on_follows_the_whole()
    {
        HoldBesideSpoilt(isIndexed: false, "src/a.ts");
        StoreClient client = Open();
        int parts = 0;
        while (parts < 100 && client.Acquire("b", path: $"free/{parts}").Success)
        {
            parts++;
        }

        Assert.InRange(parts, 2, 50);
        RawDatabase.Run(FilePath, "UPDATE leases SET predicate = 1");
        Assert.Equal(parts + 2, client.ActiveIds().Length);
    }

    [Fact]
    public void Where_somebody_waits_the_whole_is_read()
    {
        HoldBesideSpoilt(isIndexed: false, "src/a.ts");
        RawDatabase.Run(FilePath, "UPDATE leases SET predicate = 1");
        StoreClient client = Open();
        client.Register("0-old", 0);
        client.Wait("0-old");
        RawDatabase.Run(FilePath, Spoil);
        Assert.Equal("STORAGE_UNAVAILABLE", Open().Acquire("b", path: "src/b.ts").Code);
        RawDatabase.Run(FilePath, "UPDATE leases SET predicate = 1");
        Assert.Equal("DIE", Open().Acquire("z").Reason);
    }

    [Fact]
    public void Who_has_to_wait_takes_a_place_in_the_queue()
    {
        Open().Acquire("young");
        Open().Register("0-old", 0);
        Waiting waiting = Open().Wait("0-old");
        Assert.Equal(["queued 0-old FILE:src/a.ts"], Open().Waiters());
        Assert.True(Open().Release(Open().ActiveIds().Single()).Success);
        Assert.True(waiting.Answered().Success);
    }

    [Fact]
    public void Leases_are_indexed_once_in_a_while_and_found_before_and_after()
    {
        StoreClient client = Open(options: "?synchronous=normal");
        string held = client.Acquire("a", path: "held").LeaseId;
        client.List();
        while (RawDatabase.Ask(FilePath, "SELECT count(*) FROM leases WHERE is_indexed = 1") == "0")
        {
            client.Release(client.Acquire("a", path: "other").LeaseId);
        }

        Assert.Equal("DIE", Open().Acquire("b", path: "held").Reason);
        Assert.True(Open().Change(held, "PROVIDES").Success);
        Assert.True(Open().Get(held).Success);
        Assert.Equal("DIE", Open().Acquire("b", path: "held").Reason);
        Assert.True(Open().Release(held).Success);
        Assert.True(Open().Acquire("b", path: "held").Success);
    }

    // Two leases: one to spoil, and one to ask about. Returns the id of the second.
    private string HoldBesideSpoilt(bool isIndexed, string path)
    {
        StoreClient client = Open();
        client.Acquire("a", path: "spoilt", ttl: 3_600_000);
        string held = client.Acquire("a", path: path, ttl: 3_600_000).LeaseId;
        CloseAll();
        RawDatabase.Run(FilePath, Spoil + ";" + (isIndexed ? Index : ""));
        return held;
    }
}
