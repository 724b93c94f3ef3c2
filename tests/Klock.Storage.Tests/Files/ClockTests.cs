using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A store's time is an anchor of this boot plus the monotonic clock: the wall clock may jump as it likes.</summary>
public sealed class ClockTests : FileSuite
{
    private const long Hour = 60 * 60 * 1_000;

    [Theory]
    [InlineData(10 * Hour)]
    [InlineData(-10 * Hour)]
    public void A_wall_clock_that_jumps_ends_no_lease_early_and_holds_none_for_ever(long jumpMs)
    {
        var clock = new JumpingClock(Start);
        StoreClient client = Open(clock);
        Answer held = client.Acquire("a", ttl: 1_000);
        clock.WallMs += jumpMs;
        clock.AdvanceBoth(999);
        Assert.Equal("DIE", client.Acquire("b").Reason);
        Assert.Equal("DIE", Open(clock).Acquire("b").Reason);
        clock.AdvanceBoth(1);
        Answer next = Open(clock).Acquire("b", ttl: 1_000);
        Assert.True(next.Success);
        Assert.Equal(held.ExpiresAt + 1_000, next.ExpiresAt);
    }

    [Fact]
    public void All_processes_of_a_boot_have_one_clock_whatever_the_wall_clock_says_when_they_open()
    {
        var clock = new JumpingClock(Start);
        Answer first = Open(clock).Acquire("a", path: "a", ttl: 1_000);
        clock.WallMs -= Hour;
        Answer second = Open(clock).Acquire("a", path: "b", ttl: 1_000);
        clock.WallMs += 2 * Hour;
        Answer third = Open(clock).Acquire("a", path: "c", ttl: 1_000);
        Assert.Equal([first.ExpiresAt, first.ExpiresAt], [second.ExpiresAt, third.ExpiresAt]);
    }

    [Fact]
    public void Sleeping_leases_outlive_a_machine_that_is_suspended()
    {
        // The monotonic clock stands still meanwhile; the wall clock does not.
        var clock = new JumpingClock(Start);
        StoreClient client = Open(clock);
        string lease = client.Acquire("a", ttl: 1_000).LeaseId;
        clock.WallMs += 8 * Hour;
        Assert.True(client.Heartbeat(lease).Success);
        Assert.Equal("DIE", Open(clock).Acquire("b").Reason);
    }

    [Fact]
    public void A_new_boot_starts_at_the_wall_clock()
    {
        var clock = new JumpingClock(Start);
        Open(clock).Acquire("a", ttl: Hour);
        Reboot();
        JumpingClock later = new(Start + Hour - 1);
        Assert.Equal("DIE", Open(later).Acquire("b").Reason);
        later.AdvanceBoth(1);
        Assert.True(Open(later).Acquire("b").Success);
    }

    [Fact]
    public void A_new_boot_whose_wall_clock_is_behind_starts_at_the_last_event()
    {
        var clock = new JumpingClock(Start);
        Answer held = Open(clock).Acquire("a", ttl: 1_000);
        Reboot();
        JumpingClock behind = new(Start - Hour);
        Assert.Equal("DIE", Open(behind).Acquire("b").Reason);
        behind.AdvanceBoth(1_000);
        Answer next = Open(behind).Acquire("b", ttl: 1_000);
        Assert.Equal(held.ExpiresAt + 1_000, next.ExpiresAt);
    }

    [Fact]
    public void Clocks_of_old_boots_do_not_pile_up()
    {
        for (int boot = 0; boot < 40; boot++)
        {
            Open(new JumpingClock(Start + boot)).Acquire("a", "CONSUMES");
            Reboot($"boot-{boot}");
        }

        Assert.InRange(int.Parse(RawDatabase.Ask(FilePath, "SELECT count(*) FROM clocks")!), 1, 16);
    }

    // As if the machine had started anew: the anchor that is there is another boot's.
    private void Reboot(string was = "an earlier boot")
    {
        CloseAll();
        RawDatabase.Run(FilePath, $"UPDATE clocks SET boot = '{was}' WHERE boot NOT LIKE '%boot%'");
    }
}
