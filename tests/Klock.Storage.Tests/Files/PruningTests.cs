using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>The journal does not grow for ever, and a store that has not read what was pruned loads the state from its rows.</summary>
public sealed class PruningTests : FileSuite
{
    private const int KeptAtLeast = 10_000;

    [Fact]
    public void The_journal_is_cut_and_nobody_loses_the_thread()
    {
        StoreClient busy = Open(options: "?synchronous=normal"), asleep = Open(options: "?synchronous=normal");
        asleep.Register("old", 1);
        string early = asleep.Acquire("old", path: "early", note: "kept").LeaseId;
        long first = busy.Acquire("old", path: "x").Token;
        string gone = busy.Acquire("old", path: "gone", ttl: 5).LeaseId;
        Advance(5);
        busy.Evict();
        for (int i = 0; i < (KeptAtLeast + 2_500) / 2; i++)
        {
            busy.Release(busy.Acquire("busy", path: "y").LeaseId);
        }

        string late = busy.Acquire("busy", path: "late", ttl: 5).LeaseId;
        Advance(5);
        busy.Evict();
        Assert.InRange(Ask("SELECT count(*) FROM events"), KeptAtLeast, KeptAtLeast + 1_100);
        Assert.True(Ask("SELECT min(sequence) FROM events") > first);
        Assert.Equal(busy.List().Text, asleep.List().Text);
        Assert.Equal(busy.Agents(), asleep.Agents());
        Assert.Contains(early, asleep.ActiveIds());
        Assert.Equal("EXPIRED", asleep.Heartbeat(late).Code);
        Assert.True(asleep.Heartbeat(gone).Code is "EXPIRED" or "UNKNOWN_LEASE");
        Assert.Equal("DIE", asleep.Acquire("z", path: "early").Reason);
        Assert.True(asleep.Release(early).Success);
        Assert.True(busy.Acquire("z", path: "early").Success);
    }

    private long Ask(string sql) => long.Parse(RawDatabase.Ask(FilePath, sql)!);
}
