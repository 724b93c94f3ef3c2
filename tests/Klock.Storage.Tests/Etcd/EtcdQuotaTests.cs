using Google.Protobuf;
using Grpc.Net.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Etcd;
using Klock.Storage.Etcd.Api;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Etcd;

/// <summary>A real member whose quota is small, and then full.</summary>
public sealed class EtcdQuotaTests : IDisposable
{
    private const int Quota = 2 * 1024 * 1024;

    private readonly EtcdMember _member = new("--quota-backend-bytes", $"{Quota}");
    private readonly LeaseCoordinator _coordinator;
    private readonly StoreClient _klock;

    public EtcdQuotaTests()
    {
        EtcdAddress address = EtcdKind.Patient(_member.NewAddress());
        _coordinator = new LeaseCoordinator(
            EtcdKind.Open(address, TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared);
        _klock = new StoreClient(_coordinator);
    }

    public void Dispose()
    {
        _coordinator.Dispose();
        _member.Dispose();
    }

    [Fact]
    public void How_large_it_is_and_may_get_is_told()
    {
        Assert.True(_klock.Acquire("a").Success);
        Await(() => _coordinator.Room is not null, "the room is known");
        Assert.Equal(Quota, _coordinator.Room!.QuotaBytes);
        Assert.Null(_coordinator.Room.Problem);
        Answer health = _klock.Ask(Operation.Health, "{}");
        Assert.InRange(health.Data.GetProperty("store_bytes").GetInt64(), 4_096, Quota);
        Assert.Equal(Quota, health.Data.GetProperty("store_quota_bytes").GetInt64());
    }

    [Fact]
    public void One_that_is_full_grants_nothing_says_what_helps_and_still_reads()
    {
        string held = _klock.Acquire("a", path: "held", ttl: 3_600_000).LeaseId;
        Fill();
        Answer refused = _klock.Acquire("b", path: "other");
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        string[] commands = ["etcdctl compact <revision>", "etcdctl defrag --cluster", "etcdctl alarm disarm"];
        Assert.All(commands, command => Assert.Contains(command, refused.Error, StringComparison.Ordinal));
        Assert.True(_klock.Get(held).Success);
        Await(() => _coordinator.Room is { Problem: not null }, "the room is full");
        Answer health = _klock.Ask(Operation.Health, "{}");
        Assert.Equal("STORAGE_UNAVAILABLE", health.Code);
        Assert.All(commands, command => Assert.Contains(command, health.Error, StringComparison.Ordinal));
    }

    // As others do who use the cluster too.
    private void Fill()
    {
        using var channel = GrpcChannel.ForAddress(_member.Url);
        CancellationToken ended = TestContext.Current.CancellationToken;
        var value = ByteString.CopyFrom(new byte[256 * 1024]);
        Assert.Throws<Grpc.Core.RpcException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                var put = new RequestOp { RequestPut = new PutRequest { Key = ByteString.CopyFromUtf8($"z{i}"), Value = value } };
                new KV.KVClient(channel).Txn(new TxnRequest { Success = { put } }, cancellationToken: ended);
            }
        });
    }

    private static void Await(Func<bool> isSo, string what) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            Thread.Sleep(50);
            return isSo();
        },
        60_000), $"it does not come to be that {what}");
}
