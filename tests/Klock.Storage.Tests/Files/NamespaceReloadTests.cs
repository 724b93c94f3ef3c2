using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>Namespaces are in the file: for processes that follow, for those that open it later, and in the history.</summary>
public sealed class NamespaceReloadTests : FileSuite
{
    private const string Shop = "github.com/acme/shop";

    [Fact]
    public void Whoever_follows_and_whoever_opens_the_file_knows_them()
    {
        StoreClient first = Open(), follower = Open();
        follower.List();
        Assert.True(Ask(first, "a", Shop).Success);
        foreach (StoreClient client in new[] { follower, Open() })
        {
            Assert.Equal("DIE", Ask(client, "b", Shop).Reason);
            Assert.Equal(Shop, client.List().Data[0].GetProperty("namespace").GetString());
            Answer other = Ask(client, "b", "another");
            Assert.True(other.Success);
            client.Release(other.LeaseId);
            Assert.Contains(client.Events(), happened => happened.TryGetProperty("namespace", out var name) && name.GetString() == Shop);
        }
    }

    [Fact]
    public void A_wait_keeps_its_namespace_over_a_replica_that_is_loaded_anew()
    {
        StoreClient first = Open();
        string shop = Ask(first, "a", Shop).LeaseId, plain = Ask(first, "a", null).LeaseId;
        Waiting waiting = first.Begin(Operation.Acquire, Wanted("b", Shop).With("wait_ms", 60_000));
        StoreClient other = Open();
        Assert.Equal(Shop, Waiter(other).GetProperty("namespace").GetString());
        other.Release(plain);
        Assert.Null(waiting.Look());
        other.Release(shop);
        Assert.Equal(Shop, waiting.Answered().Data.GetProperty("namespace").GetString());
    }

    [Fact]
    public void A_repeated_request_that_takes_over_the_place_of_the_first_is_for_the_same_namespace()
    {
        StoreClient first = Open(), second = Open();
        string held = Ask(first, "a", Shop).LeaseId;
        Request named = Wanted("b", Shop).With("wait_ms", 60_000).With("request_id", "r");
        Waiting gone = first.Begin(Operation.Acquire, named), stays = second.Begin(Operation.Acquire, named);
        gone.Cancel();
        StoreClient later = Open();
        Assert.Equal(Shop, Waiter(later).GetProperty("namespace").GetString());
        later.Release(held);
        Assert.Equal(Shop, stays.Answered().Data.GetProperty("namespace").GetString());
    }

    // One grant passes, as ageing counts it, only those who are in its way.
    [Fact]
    public void Grants_of_one_namespace_make_nobody_senior_in_another()
    {
        StoreClient first = Open();
        for (ulong age = 0; age < 4; age++)
        {
            first.Register($"elder{age}", age);
        }

        Ask(first, "elder3", null);
        first.Begin(Operation.Acquire, Wanted("young", null).With("wait_ms", 60_000));
        string held = Ask(first, "elder3", Shop).LeaseId;
        first.Begin(Operation.Acquire, Wanted("youngest", Shop).With("wait_ms", 60_000));
        Waiting second = first.Begin(Operation.Acquire, Wanted("elder2", Shop).With("wait_ms", 60_000));
        Waiting third = first.Begin(Operation.Acquire, Wanted("elder1", Shop).With("wait_ms", 60_000));
        first.Release(held);
        first.Release(second.Answered().LeaseId);
        third.Answered();
        Assert.Equal(
            ["queued youngest FILE:src/a.ts", "parked young FILE:src/a.ts"], Open().Waiters());
    }

    private static System.Text.Json.JsonElement Waiter(StoreClient client) => client.Ask(Operation.ListWaiters, "{}").Data[0];

    private static Answer Ask(StoreClient client, string agent, string? name) =>
        client.Ask(Operation.Acquire, Wanted(agent, name).ToString());

    private static Request Wanted(string agent, string? name) => Request.Acquire(agent).With("namespace", name);
}
