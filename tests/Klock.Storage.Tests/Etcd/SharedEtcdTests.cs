using Google.Protobuf;
using Grpc.Net.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Etcd;
using Klock.Storage.Etcd.Api;
using Klock.Storage.Journal.Stored;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Etcd;

/// <summary>Several stores on one real etcd, and what happens to that.</summary>
public sealed class SharedEtcdTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Stores_on_one_etcd_never_overlap(int stores)
    {
        using var hammer = Hammer(EtcdMember.Shared.NewPrefix(), stores);
        hammer.AwaitGrants(300);
        hammer.Check();
    }

    [Fact]
    public void An_etcd_that_is_killed_and_started_again_has_lost_nothing()
    {
        using var member = new EtcdMember();
        string address = member.NewPrefix();
        using LeaseCoordinator holding = Open(address);
        string lease = new StoreClient(holding).Acquire("holder", path: "held", session: "h").LeaseId;
        using var hammer = Hammer(address, stores: 2);
        hammer.AwaitGrants(50);
        member.KillAndRestart();
        hammer.AwaitGrants(50);
        Assert.True(new StoreClient(holding).Get(lease).Success);
        Assert.True(new StoreClient(holding).Release(lease).Success);
        hammer.Check();
    }

    [Fact]
    public void An_etcd_that_is_silent_is_told_within_a_second_and_serves_afterwards()
    {
        using var member = new EtcdMember();
        string address = member.NewPrefix();
        using var hammer = Hammer(address, stores: 2);
        hammer.AwaitGrants(20);
        using var another = new LeaseCoordinator(
            EtcdStores.Open(address, password: null, TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared);
        var klock = new StoreClient(another);
        Assert.True(SpinWait.SpinUntil(() => klock.Ask(Operation.Health, "{}").Success, 60_000), "it does not come up");
        member.Signal("STOP");
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            Assert.Equal("STORAGE_UNAVAILABLE", klock.Acquire("a", path: "other").Code);
            Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(4));
            Thread.Sleep(TimeSpan.FromSeconds(6) - TimeProvider.System.GetElapsedTime(start));
        }
        finally
        {
            member.Signal("CONT");
        }

        Assert.NotEqual(0, hammer.Unanswered);
        hammer.AwaitGrants(20);
        klock.Ask(Operation.EndSession, Request.Of(("agent_id", "a"), ("session_id", "s")).ToString());
        hammer.Check();
    }

    [Fact]
    public void A_journal_of_a_newer_format_is_refused_in_one_sentence()
    {
        string address = EtcdMember.Shared.NewPrefix();
        Put(address, new StoredHead { Format = 2, Sequence = 7 }.ToByteString());
        using LeaseCoordinator coordinator = Open(address);
        Answer refused = new StoreClient(coordinator).Acquire("a");
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        Assert.Contains(
            "The journal has format 2, and this version of Klock reads format 1: use a newer klock-server.", refused.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_went_back_is_refused()
    {
        string address = EtcdMember.Shared.NewPrefix();
        using LeaseCoordinator coordinator = Open(address);
        var klock = new StoreClient(coordinator);
        Assert.True(klock.Acquire("a").Success);
        Put(address, new StoredHead { Format = 1, Sequence = 7 }.ToByteString());
        for (int i = 0; i < 2; i++)
        {
            Answer refused = klock.Acquire("b", path: "other");
            Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
            Assert.Contains("The cluster has gone back from event ", refused.Error, StringComparison.Ordinal);
        }
    }

    private static StoresHammer Hammer(string address, int stores) =>
        new(() => EtcdStores.Open(address, password: null, TimeProvider.System, KernelRandom.Shared.Next()), stores);

    private static LeaseCoordinator Open(string address) =>
        new(EtcdKind.Open(EtcdKind.Patient(address), TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared);

    private static void Put(string address, ByteString head)
    {
        EtcdAddress where = EtcdAddress.Parse(address);
        using var channel = GrpcChannel.ForAddress(where.Endpoints[0]);
        var put = new RequestOp { RequestPut = new PutRequest { Key = new EtcdKeys(where.Prefix).Head, Value = head } };
        Assert.True(new KV.KVClient(channel).Txn(new TxnRequest { Success = { put } }).Succeeded);
    }
}
