using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Grpc.Net.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Etcd;
using Klock.Storage.Etcd.Api;
using Klock.Storage.Journal;
using Klock.Storage.Journal.Stored;
using Klock.Storage.Tests.Harness;
using Klock.Storage.Tests.Replicated;
using Xunit;

namespace Klock.Storage.Tests.Etcd;

/// <summary>A journal in etcd stays small: snapshots stand for what was before them.</summary>
public sealed class EtcdSnapshotTests : IDisposable
{
    private static readonly SnapshotOptions _often = new()
    {
        AfterBytes = 4_000, ChunkBytes = 1_000, EventsBehind = 20, ClaimLasts = TimeSpan.FromMilliseconds(300), Pause = TimeSpan.Zero,
    };

    private readonly EtcdAddress _address = EtcdKind.Patient(EtcdMember.Shared.NewAddress());
    private readonly EtcdKeys _keys;
    private readonly GrpcChannel _channel;
    private readonly List<IDisposable> _opened = [];

    public EtcdSnapshotTests()
    {
        _keys = new EtcdKeys(_address.Prefix);
        _channel = GrpcChannel.ForAddress(_address.Endpoints[0]);
    }

    public void Dispose()
    {
        _opened.ForEach(static each => each.Dispose());
        _channel.Dispose();
    }

    [Fact]
    public void A_store_whose_history_is_many_snapshots_long_starts_from_the_last()
    {
        StoreClient klock = Open(_often);
        klock.Register("old", 1);
        string held = klock.Acquire("holder", path: "held", note: "why", requestId: "r").LeaseId;
        string changed = klock.Acquire("holder", path: "changed").LeaseId;
        klock.Change(changed, "CONSUMES");
        Waiting waiting = klock.Wait("old", path: "held");
        klock.Revoke(klock.Acquire("holder", path: "revoked").LeaseId);
        for (int i = 0; i < 150; i++)
        {
            // Who waits looks more often than every 5 s, also where each pair takes long.
            Work(klock, 4);
            Assert.Null(waiting.Look());
        }

        AwaitSnapshotAfter(Last(klock) - 400);
        Await(() => Values("e/").Count < 400, "old batches go");
        Await(() => Values("s/").Select(static part => part.Key.ToStringUtf8()[..^20]).Distinct().Count() == 1, "old snapshots go");

        StoreClient late = Open(_often);
        Assert.Equal(klock.ActiveIds(), late.ActiveIds());
        Assert.Equal(klock.Waiters(), late.Waiters());
        Assert.Equal(klock.Agents().Order(), late.Agents().Order());
        Assert.Equal(Told(klock), Told(late));
        Assert.Equal(held, late.Acquire("holder", path: "held", requestId: "r").LeaseId);
        Assert.True(late.Heartbeat(changed).Success);
        Assert.True(late.Release(held).Success);
        Answer? granted = null;
        Await(() => (granted = waiting.Look()) is not null, "who waits is told");
        Assert.True(granted!.Success, granted.Text);
    }

    [Fact]
    public async Task A_store_that_is_behind_what_is_kept_loads_anew()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        StoreClient klock = Open(_often);
        klock.Acquire("holder", path: "held");
        using EtcdJournal behind = Connect(_often);
        long head = (await behind.LoadAsync(cancel)).Head;
        Work(klock, 300);
        AwaitSnapshotAfter(head + 100);
        Assert.Null(await behind.FetchAsync(head, cancel));
        var batch = new JournalBatch(
            new BatchId(new LeaseId(7), 1), head, [new Event { Sequence = head + 1, Kind = EventKind.Resumed, AtMs = 0 }]);
        AppendAnswer answer = await behind.AppendAsync(batch, cancel);
        Assert.Equal((false, null), (answer.IsAppended, answer.Missed));
        JournalState state = await behind.LoadAsync(cancel);
        Assert.NotNull(state.Snapshot);
        Assert.True(state.Head >= head + 100);
        await KeptBatches.CheckAsync(behind, head, cancel);
    }

    [Fact]
    public async Task A_store_that_is_gone_while_it_writes_a_snapshot_is_followed_by_another()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        StoreClient klock = Open(new SnapshotOptions());
        klock.Acquire("holder", path: "held");
        Work(klock, 20);
        using EtcdJournal dying = Connect(_often), next = Connect(_often);
        JournalSnapshot begun = await TakeAsync(dying, cancel);
        Assert.True(await dying.ClaimSnapshotAsync(begun.Head, cancel));

        // As far as a process gets that is killed then: some parts are there, and the claim.
        long claim = (await _channel.Txn(EtcdKeys.Get(_keys.Claim))).Responses[0].ResponseRange.Kvs[0].ModRevision;
        ByteString part = StoredSnapshots.Write(begun, _often.ChunkBytes).First();
        await _channel.Txn(EtcdKeys.Put(_keys.Chunk(begun.Head, claim, 0), part));

        Work(klock, 1);
        JournalSnapshot own = await TakeAsync(next, cancel);
        Assert.False(await next.ClaimSnapshotAsync(own.Head, cancel));
        await Task.Delay(_often.ClaimLasts * 2, cancel);
        Assert.True(await next.ClaimSnapshotAsync(own.Head, cancel));
        await next.SaveSnapshotAsync(own, cancel);
        Assert.Equal(own.Head, AwaitSnapshotAfter(begun.Head).Sequence);

        // The first was only slow. Nobody points to what it writes now.
        await dying.SaveSnapshotAsync(begun, cancel);
        Assert.Equal(own.Head, AwaitSnapshotAfter(begun.Head).Sequence);
        Assert.Equal(klock.ActiveIds(), Open(_often).ActiveIds());
    }

    [Fact]
    public async Task A_snapshot_that_is_damaged_is_told()
    {
        StoreClient klock = Open(_often);
        Work(klock, 200);
        AwaitSnapshotAfter(1);
        _opened.ForEach(static each => each.Dispose());
        _opened.Clear();
        foreach (KeyValue part in Values("s/"))
        {
            await _channel.Txn(EtcdKeys.Put(part.Key, ByteString.CopyFrom([.. part.Value, 0x78, 0x00])));
        }

        Answer refused = Open(_often).Acquire("a");
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        Assert.Contains("is not what was written", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("?compact=off", false)]
    public async Task Old_revisions_of_the_cluster_are_compacted_unless_it_is_others_too(string option, bool compacts)
    {
        using var member = new EtcdMember();
        string address = member.NewAddress() + option;
        var journal = new EtcdJournal(EtcdKind.Patient(address), options: _often with { CompactAfter = TimeSpan.Zero });
        var store = new ReplicatedStore(journal, TimeProvider.System, KernelRandom.Shared.Next());
        using (var coordinator = new LeaseCoordinator(store, KernelRandom.Shared))
        {
            Work(new StoreClient(coordinator), 100);
        }

        using var channel = GrpcChannel.ForAddress(member.Url);
        var first = new RangeRequest { Key = ByteString.CopyFromUtf8("any"), Revision = 2 };
        CancellationToken ended = TestContext.Current.CancellationToken;
        Task<RangeResponse> read = new KV.KVClient(channel).RangeAsync(first, cancellationToken: ended).ResponseAsync;
        if (compacts)
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => read);
            Assert.Contains("compacted", refused.Status.Detail, StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty((await read).Kvs);
        }
    }

    [Fact]
    public void A_session_with_megabytes_of_names_ends_at_once()
    {
        StoreClient klock = Open(new SnapshotOptions());
        string name = new('n', 1_000);
        for (int i = 0; i < 12; i++)
        {
            object[] intents = [.. Enumerable.Range(0, 256).Select(path => Request.Intent("MUTATES", $"{name}/{i}/{path}"))];
            Assert.True(klock.AcquireAll("a", intents).Success);
        }

        Assert.True(klock.EndSession("a").Success);
        Assert.Empty(klock.ActiveIds());
        Assert.Equal("RELEASED", klock.Events(Last(klock) - 1)[0].GetProperty("kind").GetString());
        Assert.Contains(name, klock.Events(Last(klock) - 1)[0].GetRawText(), StringComparison.Ordinal);
        Assert.Empty(Open(new SnapshotOptions()).ActiveIds());
    }

    private StoreClient Open(SnapshotOptions options)
    {
        var store = new ReplicatedStore(Connect(options), TimeProvider.System, KernelRandom.Shared.Next());
        var coordinator = new LeaseCoordinator(store, KernelRandom.Shared);
        _opened.Add(coordinator);
        return new StoreClient(coordinator);
    }

    private EtcdJournal Connect(SnapshotOptions options) => new(_address, options: options);

    private static async Task<JournalSnapshot> TakeAsync(EtcdJournal journal, CancellationToken cancel)
    {
        var waits = new LocalWaits(new LeaseId(9));
        var replica = new Replica(waits, new ReplicaClock(TimeProvider.System), new ShownEvents());
        replica.Load(await journal.LoadAsync(cancel));
        return replica.TakeSnapshot();
    }

    private static void Work(StoreClient klock, int pairs)
    {
        for (int i = 0; i < pairs; i++)
        {
            Assert.True(klock.Release(klock.Acquire("worker", path: $"w/{i % 7}").LeaseId).Success);
        }
    }

    private static long Last(StoreClient klock)
    {
        long last = 0;
        for (JsonElement[] page = klock.Events(); page.Length > 0; page = klock.Events(last))
        {
            last = page[^1].GetProperty("seq").GetInt64();
        }

        return last;
    }

    private static List<string> Told(StoreClient klock)
    {
        List<string> told = [];
        long last = 1;
        for (JsonElement[] page = klock.Events(last); page.Length > 0; page = klock.Events(last))
        {
            told.AddRange(page.Select(static happened => happened.GetRawText()));
            last = page[^1].GetProperty("seq").GetInt64();
        }

        return told;
    }

    private StoredPointer AwaitSnapshotAfter(long sequence)
    {
        StoredPointer? last = null;
        Await(
            () =>
            {
                RepeatedField<KeyValue> found = Read(EtcdKeys.Get(_keys.Pointer));
                last = found.Count == 0 ? null : StoredSnapshots.ReadPointer(found[0].Value);
                return last?.Sequence > sequence;
            },
            $"there is a snapshot after {sequence}");
        return last!;
    }

    private static void Await(Func<bool> isSo, string what)
    {
        bool holds = SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(20);
                return isSo();
            },
            20_000);
        Assert.True(holds, $"it does not come to be that {what}");
    }

    private RepeatedField<KeyValue> Values(string under)
    {
        var range = new RangeRequest
        {
            Key = ByteString.CopyFromUtf8(_address.Prefix + under),
            RangeEnd = ByteString.CopyFromUtf8(_address.Prefix + under[..^1] + "0"),
        };
        return Read(new RequestOp { RequestRange = range });
    }

    private RepeatedField<KeyValue> Read(RequestOp read) => _channel.Txn(read).GetAwaiter().GetResult().Responses[0].ResponseRange.Kvs;
}

/// <summary>One request to a member.</summary>
internal static class ChannelExtensions
{
    public static async Task<TxnResponse> Txn(this GrpcChannel channel, RequestOp operation) =>
        await new KV.KVClient(channel).TxnAsync(new TxnRequest { Success = { operation } });
}
