using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A replica that is reloaded while a request waits on it: the wait is in the rows too.</summary>
public sealed class WaitReloadTests : FileSuite
{
    private readonly StoreClient _here;
    private readonly StoreClient _there;
    private readonly string _held;

    public WaitReloadTests()
    {
        (_here, _there) = (Open(options: "?synchronous=normal"), Open(options: "?synchronous=normal"));
        _here.Register("old", 1);
        _held = _there.Acquire("young", "CONSUMES").LeaseId;
    }

    [Theory]
    [InlineData("old")]
    [InlineData("younger")]
    public void A_wait_outlives_a_store_that_fails_for_a_while(string agent)
    {
        Waiting waits = _here.Wait(agent);
        Fail();
        Assert.Null(waits.Look());
        Assert.Equal("STORAGE_UNAVAILABLE", _here.Acquire("z").Code);
        Recover();
        Assert.Null(waits.Look());
        _there.Release(_held);
        Assert.True(waits.Answered().Success);
    }

    /// <summary>A server is killed and started again: who waited there asks again, and its first wait goes some seconds later.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_asks_again_after_its_process_died_keeps_its_turn(bool isLoadedAnew)
    {
        (StoreClient dead, StoreClient alive) = (Open(), Open());
        alive.Register("elder", 0);
        dead.Wait("old", requestId: "r");
        Advance(2_000);
        Waiting elder = alive.Wait("elder");
        Waiting again = alive.Wait("old", requestId: "r");
        Advance(4_000);
        alive.Evict();
        StoreClient releases = isLoadedAnew ? Open() : _there;
        Assert.Equal(["queued old FILE:src/a.ts", "queued elder FILE:src/a.ts"], releases.Waiters());
        releases.Release(_held);
        Assert.Equal(again.Answered().LeaseId, Assert.Single(releases.ActiveIds()));
        Assert.Null(elder.Look());
    }

    [Fact]
    public void A_change_that_waits_outlives_it_too()
    {
        string lease = _here.Acquire("old", "CONSUMES").LeaseId;
        Waiting waits = _here.Begin(
            Operation.ChangeLease, Request.Of(("lease_id", lease), ("predicate", "MUTATES"), ("wait_ms", 60_000)));
        Fail();
        Assert.Null(waits.Look());
        Recover();
        Assert.Null(waits.Look());
        _there.Release(_held);
        Assert.Equal(lease, waits.Answered().LeaseId);
    }

    [Fact]
    public void A_wait_that_ended_while_its_store_had_failed_says_so()
    {
        Waiting waits = _here.Wait("old");
        Fail();
        Assert.Null(waits.Look());
        Recover();
        _there.EndSession("old");
        Assert.Equal("STORAGE_UNAVAILABLE", waits.Answered().Code);
    }

    [Fact]
    public void A_wait_that_was_granted_while_its_store_had_failed_gets_its_lease()
    {
        Waiting waits = _here.Wait("old");
        Fail();
        Assert.Null(waits.Look());
        Recover();
        _there.Release(_held);
        Assert.Equal(waits.Answered().LeaseId, Assert.Single(_there.ActiveIds()));
    }

    [Fact]
    public void A_wait_ends_when_its_time_is_up_also_while_its_store_fails()
    {
        Waiting waits = _here.Wait("old", waitMs: 1_000);
        Fail();
        Advance(999);
        Assert.Null(waits.Look());
        Advance(1);
        Assert.Equal("STORAGE_UNAVAILABLE", waits.Answered().Code);
        Recover();
        _there.Release(_held);
        Assert.Empty(_there.ActiveIds());
    }

    [Fact]
    public void A_wait_whose_replica_fell_behind_the_journal_stays_in_its_place()
    {
        Waiting waits = _here.Wait("old");
        _there.AcquireAll("busy", [.. Enumerable.Range(0, 256).Select(i => Request.Intent("CONSUMES", $"{i}"))]);
        for (int i = 0; i < 50; i++)
        {
            _there.RenewSession("busy");
        }

        Assert.Null(waits.Look());
        Assert.Equal("DIE", _there.Acquire("z", "CONSUMES").Reason);
        _there.Release(_held);
        Assert.True(waits.Answered().Success);
    }

    // A table that is not there is a store that fails, and loses nothing.
    private void Fail() => RawDatabase.Run(FilePath, "ALTER TABLE events RENAME TO elsewhere");

    private void Recover() => RawDatabase.Run(FilePath, "ALTER TABLE elsewhere RENAME TO events");
}
