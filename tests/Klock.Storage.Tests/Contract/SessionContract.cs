using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>KLIS-10: a session is renewed and ended as a whole.</summary>
public abstract class SessionContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void Renewing_renews_each_lease_by_its_own_ttl_and_no_other_sessions()
    {
        Klock.Acquire("a", path: "1", ttl: 1_000);
        Klock.Acquire("a", path: "2", ttl: 2_000);
        Klock.Acquire("a", path: "3", ttl: 2_000, session: "t");
        Klock.Acquire("b", path: "4", ttl: 2_000);
        Advance(999);
        Assert.Equal(2, Klock.RenewSession("a").Data.GetProperty("renewed").GetInt32());
        Assert.Equal([Now + 1_000, Now + 2_000, Start + 2_000, Start + 2_000], Expiries());
        Advance(1);
        Assert.Equal(4, Klock.ActiveIds().Length);
    }

    [Fact]
    public void What_has_run_out_is_not_renewed()
    {
        Klock.Acquire("a", path: "1", ttl: 10);
        string second = Klock.Acquire("a", path: "2", ttl: 20).LeaseId;
        Advance(10);
        Assert.Equal(1, Klock.RenewSession("a").Data.GetProperty("renewed").GetInt32());
        Assert.Equal([second], Klock.ActiveIds());
    }

    [Fact]
    public void Ending_releases_all_at_once_and_no_other_sessions()
    {
        string first = Klock.Acquire("a", path: "1").LeaseId;
        Klock.Acquire("a", path: "2");
        string other = Klock.Acquire("a", path: "3", session: "t").LeaseId;
        Assert.Equal(2, Klock.EndSession("a").Data.GetProperty("released").GetInt32());
        Assert.Equal([other], Klock.ActiveIds());
        Assert.Equal("UNKNOWN_LEASE", Klock.Release(first).Code);
        Assert.Equal(0, Klock.EndSession("a").Data.GetProperty("released").GetInt32());
    }

    [Fact]
    public void A_session_that_has_nothing_is_nothing_special()
    {
        Klock.Register("a", 1);
        Assert.Equal(0, Klock.RenewSession("a").Data.GetProperty("renewed").GetInt32());
        Assert.Equal(0, Klock.EndSession("nobody").Data.GetProperty("released").GetInt32());
        Assert.Equal(["a=1"], Klock.Agents());
    }

    [Fact]
    public void Renewing_keeps_the_waits_of_a_session_in_their_place()
    {
        Klock.Register("old", 1);
        Klock.Register("young", 2);
        string held = Klock.Acquire("young").LeaseId;
        Waiting waits = Klock.Wait("old");
        for (int second = 0; second < 12; second++)
        {
            Advance(1_000);
            Klock.RenewSession("old");
        }

        Klock.Release(held);
        Assert.True(waits.Answered().Success);
    }

    [Fact]
    public void Ending_grants_what_it_frees_and_closes_what_it_waits_for()
    {
        Klock.Register("old", 1);
        Klock.Register("mid", 2);
        Klock.Register("young", 3);
        Klock.Acquire("mid", path: "1");
        Klock.Acquire("young", path: "2");
        Waiting freed = Klock.Wait("old", path: "1"), closed = Klock.Wait("mid", path: "2");
        Assert.Equal(1, Klock.EndSession("mid").Data.GetProperty("released").GetInt32());
        Assert.True(freed.Answered().Success);
        Assert.Equal("CLOSED", closed.Answered().Code);
    }

    private long[] Expiries() => [.. Klock.List().Data.EnumerateArray().Select(lease => lease.GetProperty("expires_at").GetInt64())];
}
