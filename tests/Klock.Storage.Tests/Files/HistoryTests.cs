using System.Text.Json;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>How much of the past is kept can be chosen, by number and by age.</summary>
public sealed class HistoryTests : FileSuite
{
    private const long HourMs = 3_600_000;

    [Fact]
    public void Events_beyond_the_number_go_and_a_reader_that_fell_behind_is_told_of_a_gap()
    {
        StoreClient client = Open(options: "?synchronous=normal&history=1000");
        string early = client.Acquire("old", path: "early", ttl: 24 * HourMs).LeaseId;
        long first = Ask("SELECT min(sequence) FROM events");
        Work(client, pairs: 1_500);
        Assert.InRange(Ask("SELECT count(*) FROM events"), 1_000, 2_100);
        Assert.Contains(early, Open().ActiveIds());
        JsonElement gap = Open().Events(after: first)[0];
        Assert.Equal("GAP", gap.GetProperty("kind").GetString());
        Assert.Equal(first + 1, gap.GetProperty("first_missing").GetInt64());
        Assert.Equal(Ask("SELECT min(sequence) FROM events") - 1, gap.GetProperty("seq").GetInt64());
    }

    [Fact]
    public void Renewals_and_signs_of_life_do_not_drown_what_happened()
    {
        StoreClient client = Open(options: "?synchronous=normal&history=1000"), other = Open(options: "?synchronous=normal");
        string lease = client.Acquire("a", ttl: 24 * HourMs).LeaseId;
        long granted = client.Events()[^1].GetProperty("seq").GetInt64();
        other.List();
        for (int i = 0; i < 4_200; i++)
        {
            Assert.True(client.Heartbeat(lease).Success);
        }

        Work(client, pairs: 10);
        Assert.InRange(Ask("SELECT count(*) FROM events"), 1_000, 2_200);
        JsonElement[] events = client.Events(granted - 1);
        Assert.Equal("GRANTED", events[0].GetProperty("kind").GetString());
        Assert.DoesNotContain(events, happened => happened.GetProperty("kind").GetString() == "GAP");
        Assert.Equal(client.List().Text, other.List().Text);
    }

    [Fact]
    public void Events_beyond_the_age_go_in_a_store_where_little_happens_too()
    {
        StoreClient client = Open(options: "?history_age=2h");
        string early = client.Acquire("old", path: "early", ttl: 24 * HourMs).LeaseId;
        Advance(HourMs);
        client.Release(client.Acquire("b", path: "b").LeaseId);
        long young = client.Acquire("c", path: "c").Token;
        Advance(HourMs + 60_000);
        client.Release(client.Acquire("d", path: "d").LeaseId);
        Assert.InRange(Ask("SELECT min(sequence) FROM events"), 2, young);
        Assert.Equal("1", RawDatabase.Ask(FilePath, "SELECT count(*) > 0 FROM events WHERE at_ms < " + (Start + (2 * HourMs))));
        Assert.Equal("0", RawDatabase.Ask(FilePath, $"SELECT count(*) FROM events WHERE at_ms < {Start + HourMs}"));
        Assert.Contains(early, Open().ActiveIds());
    }

    [Fact]
    public void A_store_that_slept_for_years_keeps_its_head_and_goes_on()
    {
        StoreClient client = Open(options: "?history_age=1h");
        long before = client.Acquire("old", path: "a").Token;
        CloseAll();
        Advance(1_000 * 24 * HourMs);
        long after = Open(options: "?history_age=1h").Acquire("new", path: "a").Token;
        Assert.True(after > before);
        Assert.True(Open().Acquire("new", path: "b").Token > after);
        Assert.Equal("0", RawDatabase.Ask(FilePath, $"SELECT count(*) FROM events WHERE sequence <= {before}"));
    }

    [Fact]
    public void Of_two_bounds_the_tightest_counts_and_the_other_process_goes_on()
    {
        StoreClient generous = Open(options: "?synchronous=normal&history=5000");
        StoreClient strict = Open(options: "?synchronous=normal&history=1000");
        string held = generous.Acquire("holder", path: "held", ttl: 24 * HourMs).LeaseId;
        Work(generous, pairs: 2_000);
        Assert.InRange(Ask("SELECT count(*) FROM events"), 4_000, 4_100);
        Work(strict, pairs: 600);
        Assert.InRange(Ask("SELECT count(*) FROM events"), 1_000, 2_100);
        Assert.Equal(strict.List().Text, generous.List().Text);
        Assert.True(generous.Release(held).Success);
    }

    [Fact]
    public void What_ended_does_not_pile_up()
    {
        StoreClient client = Open(options: "?synchronous=normal&history=1000");
        RawDatabase.Run(
            FilePath,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
            + "INSERT INTO holders SELECT randomblob(16), 'boot', 'space', i, i, 0 FROM n");
        Work(client, pairs: 600);
        for (int i = 0; i < 50; i++)
        {
            client.Acquire("late", path: $"x{i}", ttl: 1);
        }

        Advance(1);
        client.Evict();
        Assert.All(["leases", "waits", "holders"], table => Assert.Equal(0, Ask($"SELECT count(*) FROM {table}")));
    }

    private static void Work(StoreClient client, int pairs)
    {
        for (int i = 0; i < pairs; i++)
        {
            client.Release(client.Acquire("busy", path: "y").LeaseId);
        }
    }

    private long Ask(string sql) => long.Parse(RawDatabase.Ask(FilePath, sql)!);
}
