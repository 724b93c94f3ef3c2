using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>KLIS-8: the waits of a dead process block nobody for longer than 5 s, but for those whose own session is renewed.</summary>
public sealed class SignOfLifeTests : FileSuite
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Renewing_one_session_keeps_its_waits_and_not_the_others_of_a_dead_process(bool isLoadedAnew)
    {
        (StoreClient dead, StoreClient alive) = (Open(), Open());
        alive.Register("old", 1);
        alive.Register("older", 0);
        alive.Acquire("young", path: "a");
        alive.Acquire("young", path: "b");
        dead.Wait("old", path: "a");
        dead.Wait("older", path: "b");
        Advance(4_000);
        alive.RenewSession("old");
        StoreClient looks = isLoadedAnew ? Open() : alive;
        Advance(1_000);
        looks.Evict();
        Assert.Equal(["queued old FILE:a"], looks.Waiters());
        Advance(4_000);
        looks.Evict();
        Assert.Empty(looks.Waiters());
    }

    [Fact]
    public void A_new_wait_is_a_sign_of_life_for_all_waits_of_its_process_also_to_who_opens_the_file_later()
    {
        StoreClient waits = Open();
        waits.Acquire("a", path: "a");
        waits.Acquire("a", path: "b");
        waits.Wait("b", path: "a");
        Advance(3_000);
        waits.Wait("c", path: "b", waitMs: 1);
        Advance(3_000);
        StoreClient looks = Open();
        looks.Evict();
        Assert.Equal(["parked b FILE:a"], looks.Waiters());
    }

    [Fact]
    public void A_process_that_waits_for_nothing_any_more_is_forgotten()
    {
        StoreClient waits = Open();
        waits.Acquire("a");
        waits.Wait("b");
        waits.EndSession("b");
        for (int i = 0; i < 600; i++)
        {
            waits.Release(waits.Acquire("busy", path: "other").LeaseId);
        }

        Assert.Equal("0", RawDatabase.Ask(FilePath, "SELECT count(*) FROM owners"));
    }
}
