using System.Text.Json;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>What happened is reported in order, without gaps, as long as the history lasts.</summary>
public abstract class EventsContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void Everything_that_happens_is_an_event()
    {
        long start = Last();
        Klock.Register("old", 1);
        Klock.Register("young", 2);
        string held = Klock.Acquire("young", note: "why").LeaseId;
        Klock.Acquire("old");
        Waiting queued = Klock.Wait("old"), parked = Klock.Wait("young", session: "t");
        Klock.Heartbeat(held);
        Klock.Release(held);
        string changed = queued.Answered().LeaseId;
        Klock.Change(changed, "CONSUMES");
        Klock.Revoke(changed);
        Klock.Release(parked.Answered().LeaseId);
        Klock.Acquire("young", ttl: 5);
        Advance(5);
        Klock.Evict();
        Assert.Equal(
            "REGISTERED REGISTERED GRANTED REFUSED QUEUED PARKED RENEWED RELEASED GRANTED WAIT_ENDED CHANGED REVOKED GRANTED WAIT_ENDED "
            + "RELEASED GRANTED EXPIRED",
            string.Join(' ', Klock.Events(start).Select(Kind)));
    }

    [Fact]
    public void Numbers_have_no_gaps_and_a_grant_carries_its_own_as_token()
    {
        Klock.Register("first", 1);
        long start = Last();
        for (int i = 0; i < 40; i++)
        {
            Klock.Acquire($"agent-{i % 3}", i % 2 == 0 ? "CONSUMES" : "MUTATES", ttl: 7);
            Advance(i % 4);
        }

        JsonElement[] events = Klock.Events(start);
        Assert.Contains("REFUSED", events.Select(Kind));
        Assert.Equal(Enumerable.Range(1, events.Length).Select(i => start + i), events.Select(Sequence));
        Assert.All(
            events.Where(one => Kind(one) == "GRANTED"),
            one => Assert.Equal(Sequence(one), one.GetProperty("fencing_token").GetInt64()));
    }

    [Fact]
    public void A_refusal_can_be_read_at_once()
    {
        Klock.Register("young", 2);
        Klock.Register("old", 1);
        Klock.Acquire("old");
        long start = Last();
        Klock.Acquire("young");
        Klock.Acquire("young");
        Assert.Equal(["REFUSED", "REFUSED"], Klock.Events(start).Select(Kind));
    }

    [Fact]
    public void A_reader_goes_on_from_the_last_number_it_has()
    {
        for (int i = 0; i < 10; i++)
        {
            Klock.Acquire("a");
        }

        var all = new List<long>();
        for (JsonElement[] page = Klock.Events(0, 3); page.Length > 0; page = Klock.Events(all[^1], 3))
        {
            Assert.InRange(page.Length, 1, 3);
            all.AddRange(page.Select(Sequence));
        }

        Assert.Equal(Klock.Events().Select(Sequence), all);
        Assert.Empty(Klock.Events(long.MaxValue));
    }

    [Fact]
    public void No_lease_id_is_told()
    {
        Klock.Register("old", 1);
        string held = Klock.Acquire("young").LeaseId;
        Waiting waits = Klock.Wait("old");
        Klock.Release(held);
        string next = waits.Answered().LeaseId;
        Klock.Change(next, "CONSUMES");
        string told = string.Join('\n', Klock.Events().Select(happened => happened.GetRawText()));
        Assert.Contains("CHANGED", told, StringComparison.Ordinal);
        Assert.DoesNotContain(held, told, StringComparison.Ordinal);
        Assert.DoesNotContain(next, told, StringComparison.Ordinal);
    }

    [Fact]
    public void History_that_is_gone_is_told_as_a_gap()
    {
        Klock.Register("a", 1);
        long early = Last();
        for (int i = 0; i < 25; i++)
        {
            Klock.AcquireAll("a", [.. Enumerable.Range(0, 256).Select(path => Request.Intent("CONSUMES", $"{path}"))]);
            Klock.EndSession("a");
        }

        JsonElement[] page = Klock.Events(early, 10);
        Assert.Equal(("GAP", early + 1), (Kind(page[0]), page[0].GetProperty("first_missing").GetInt64()));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => Sequence(page[0]) + i), page.Skip(1).Select(Sequence));
        Assert.Equal(Last(), early + (256 * 50));
        Assert.Equal("RELEASED", Kind(Klock.Events(Last() - 1)[0]));
    }

    private long Last()
    {
        long last = 0;
        for (JsonElement[] page = Klock.Events(); page.Length > 0; page = Klock.Events(last))
        {
            last = Sequence(page[^1]);
        }

        return last;
    }

    private static string Kind(JsonElement happened) => happened.GetProperty("kind").GetString()!;

    private static long Sequence(JsonElement happened) => happened.GetProperty("seq").GetInt64();
}
