using Google.Protobuf;
using Grpc.Net.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Etcd;
using Klock.Storage.Etcd.Api;
using Klock.Storage.Journal.Stored;
using Klock.Storage.Tests.Contract;
using Klock.Storage.Tests.Harness;
using Klock.Storage.Tests.Replicated;
using Xunit;

namespace Klock.Storage.Tests.Etcd;

/// <summary>Several stores on one real etcd, and what happens to that.</summary>
public sealed class SharedEtcdTests() : SharedEngineSuite(
    static () => EtcdMember.Shared, static () => new EtcdMember(),
    static (address, acceptsRestore) =>
        EtcdStores.Open(address, password: null, TimeProvider.System, KernelRandom.Shared.Next(), acceptsRestore))
{
    [Fact]
    public void A_journal_of_a_newer_format_is_refused_in_one_sentence()
    {
        string address = EtcdMember.Shared.NewAddress();
        Put(address, new StoredHead { Format = 2, Sequence = 7 }.ToByteString());
        using LeaseCoordinator coordinator = OpenPatiently(address);
        Answer refused = new StoreClient(coordinator).Acquire("a");
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        Assert.Contains(
            "The journal has format 2, and this version of Klock reads format 1: use a newer klock-server.", refused.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_went_back_is_refused()
    {
        string address = EtcdMember.Shared.NewAddress();
        using LeaseCoordinator coordinator = OpenPatiently(address);
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

    // A restored cluster counts its revisions from there again, so that another head may have that of the one that is known.
    [Fact]
    public void A_head_of_the_same_revision_and_another_history_is_refused()
    {
        using var member = new EtcdMember();
        string address = member.NewAddress();
        using LeaseCoordinator coordinator = OpenPatiently(address);
        var klock = new StoreClient(coordinator);
        Patience.Until(() => klock.Acquire("a"), static answer => answer.Success);
        member.TakeBackup();
        Patience.Until(() => klock.Acquire("a", path: "lost"), static answer => answer.Success);
        KeyValue known = Head(address);
        member.RestoreBackup();
        var other = StoredHead.Parser.ParseFrom(known.Value);
        other.Writer = ByteString.CopyFrom(new byte[16]);
        Put(address, other.ToByteString());
        Assert.Equal(known.ModRevision, Head(address).ModRevision);
        Patience.Until(
            () => klock.Acquire("b", path: "other"),
            static answer => answer.Text.Contains("The cluster has gone back from event ", StringComparison.Ordinal));
        Assert.Equal(other, StoredHead.Parser.ParseFrom(Head(address).Value));
    }

    [Fact]
    public async Task Who_comes_too_late_asks_the_others_to_let_it_go_first()
    {
        string address = EtcdMember.Shared.NewAddress();
        using LeaseCoordinator coordinator = OpenPatiently(address);
        var klock = new StoreClient(coordinator);
        Patience.Until(() => klock.Acquire("a"), static answer => answer.Success);
        using EtcdJournal one = new(EtcdAddress.Parse(address)), other = new(EtcdAddress.Parse(address));
        await Wishes.AreHeardAsync(one, other, () =>
        {
            // Whoever listens goes on.
            Txn(address, EtcdKeys.Put(KeysOf(address).First, ByteString.CopyFromUtf8("nonsense")));
            Assert.True(klock.Acquire("a", path: "second").Success);
        });
    }

    private static LeaseCoordinator OpenPatiently(string address) =>
        new(EtcdKind.Open(EtcdKind.Patient(address), TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared);

    private static KeyValue Head(string address) =>
        Txn(address, EtcdKeys.Get(KeysOf(address).Head)).Responses[0].ResponseRange.Kvs[0];

    private static void Put(string address, ByteString head) => Txn(address, EtcdKeys.Put(KeysOf(address).Head, head));

    private static EtcdKeys KeysOf(string address) => new(EtcdAddress.Parse(address).Prefix);

    private static TxnResponse Txn(string address, RequestOp operation)
    {
        using var channel = GrpcChannel.ForAddress(EtcdAddress.Parse(address).Endpoints[0]);
        return new KV.KVClient(channel).Txn(new TxnRequest { Success = { operation } });
    }
}
