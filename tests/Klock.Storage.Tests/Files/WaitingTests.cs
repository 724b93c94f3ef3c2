using Klock.Client;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>Waiting across processes: the queue is in the file, and a dead process blocks nobody.</summary>
public sealed class WaitingTests : FileSuite
{
    private readonly StoreClient _here;
    private readonly StoreClient _there;
    private readonly string _held;

    public WaitingTests()
    {
        (_here, _there) = (Open(options: "?synchronous=normal"), Open(options: "?synchronous=normal"));
        _here.Register("old", 1);
        _here.Register("young", 2);
        _here.Register("youngest", 3);
        _held = _there.Acquire("young", "CONSUMES").LeaseId;
    }

    [Fact]
    public void A_release_in_one_process_grants_a_wait_in_another_that_sees_it_at_its_next_look()
    {
        Waiting waits = _here.Wait("old");
        Assert.Null(waits.Look());
        Advance(20);
        Assert.True(_there.Release(_held).Success);
        Answer granted = waits.Answered();
        Assert.Equal(Start + 20, granted.Data.GetProperty("acquired_at").GetInt64());
        Assert.Equal([granted.LeaseId], _there.ActiveIds());
    }

    [Fact]
    public void Who_waits_in_one_process_is_in_the_way_of_those_in_another()
    {
        _here.Wait("old");
        Answer refused = _there.Acquire("youngest", "CONSUMES");
        Assert.Equal("DIE", refused.Reason);
        Assert.Equal("waiting", refused.Field("conflicts")[0].GetProperty("state").GetString());
        Assert.Equal(1, _there.EndSession("young").Data.GetProperty("released").GetInt32());
        Assert.Equal("FILE:src/a.ts", Open().List().Data[0].GetProperty("resource").GetString());
    }

    [Fact]
    public void A_session_that_is_ended_in_one_process_closes_its_wait_in_another()
    {
        Waiting waits = _here.Wait("old");
        _there.EndSession("old");
        Assert.Equal("CLOSED", waits.Answered().Code);
    }

    [Fact]
    public void A_wait_is_in_the_file_until_it_is_answered()
    {
        Assert.Equal("0", Waits());
        Waiting waits = _here.Wait("old"), parked = _here.Wait("youngest");
        Assert.Equal("2", Waits());
        _there.Release(_held);
        string granted = waits.Answered().LeaseId;
        Assert.Equal("1", Waits());
        _there.Release(granted);
        parked.Answered();
        Assert.Equal("0", Waits());
    }

    [Fact]
    public void A_process_that_looks_after_its_waits_keeps_them()
    {
        Waiting waits = _here.Wait("old", waitMs: 30_000);
        for (int second = 1; second < 30; second++)
        {
            Advance(1_000);
            Assert.Null(waits.Look());
            Assert.Equal("DIE", _there.Acquire("youngest", "CONSUMES").Reason);
        }

        Advance(1_000);
        Assert.Equal("WAIT_TIMEOUT", waits.Answered().Reason);
        Assert.Equal("0", Waits());
    }

    [Fact]
    public void The_waits_of_a_dead_process_block_nobody_after_five_seconds()
    {
        _here.Wait("old");
        Advance(4_999);
        Assert.Equal("DIE", _there.Acquire("youngest", "CONSUMES").Reason);
        Advance(1);
        Assert.True(_there.Acquire("youngest", "CONSUMES").Success);
        Assert.Equal("0", Waits());
    }

    [Fact]
    public void A_store_opened_on_the_file_of_a_dead_process_has_its_queue_and_lets_it_go()
    {
        _here.Wait("old");
        _here.Wait("youngest");
        // As a process that was killed leaves it: closing would end the waits.
        string left = Folder.At("left.db");
        RawDatabase.Run(FilePath, $"VACUUM INTO '{left}'");
        using Coordinator.LeaseCoordinator coordinator = LocalStores.Open("sqlite:" + left, Clock, Ids);
        var after = new StoreClient(coordinator);
        Assert.Equal("DIE", after.Acquire("youngest", "CONSUMES").Reason);
        Assert.Equal("AGENT_BUSY", after.Register("old", 9).Code);
        Advance(5_000);
        Assert.True(after.Acquire("youngest", "CONSUMES").Success);
        Assert.True(after.Register("old", 9).Success);
        Assert.Equal("0", RawDatabase.Ask(left, "SELECT count(*) FROM waits"));
    }

    [Fact]
    public void Closing_takes_its_waits_out_of_the_file()
    {
        Coordinator.LeaseCoordinator closed = OpenCoordinator();
        Waiting waits = new StoreClient(closed).Wait("old");
        closed.Dispose();
        Assert.Equal("CLOSED", waits.Answered().Code);
        Assert.Equal("0", Waits());
        Assert.True(_there.Acquire("youngest", "CONSUMES").Success);
    }

    private string? Waits() => RawDatabase.Ask(FilePath, "SELECT count(*) FROM waits");
}
