using Google.Protobuf;
using Google.Protobuf.Collections;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Etcd.Api;
using Klock.Storage.Journal;

namespace Klock.Storage.Etcd;

/// <summary>A journal in an etcd cluster.</summary>
/// <remarks>
/// An append is one transaction, guarded by the revision of the head: it is refused when anybody has appended meanwhile, and brings then
/// what was missed. Whatever proves something goes through the cluster's log, since other reads of etcd can be old (etcd#20418).
/// A store that is opened reads the last snapshot and the batches after it.
/// </remarks>
internal sealed class EtcdJournal : IJournal
{
    // A batch has up to 256 commands; whoever has missed more asks again.
    private const int MostBatches = 128;

    // etcd takes 1.5 MiB in one request, unless it is told otherwise.
    private const int MostBytes = 1024 * 1024;

    private readonly Cluster _cluster;
    private readonly EtcdKeys _keys;
    private readonly HeardBatches _heard = new();
    private readonly JournalWatch _watch;
    private readonly RoomWatch _roomWatch;
    private readonly Snapshots _snapshots;

    private KnownHead _head = new(0, 0, default, ByteString.Empty);

    private (BatchId Id, ByteString Bytes) _written;

    /// <param name="address">Where it is.</param>
    /// <param name="login">Signs in; null where nobody has to.</param>
    /// <param name="options">When snapshots are written; null for the usual.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: a file of TLS cannot be used.</exception>
    public EtcdJournal(EtcdAddress address, Login? login = null, SnapshotOptions? options = null)
    {
        _cluster = new Cluster(address, login);
        _keys = new EtcdKeys(address.Prefix);
        _watch = new JournalWatch(_cluster, _keys, _heard, Notice, NoticeWish);
        _roomWatch = new RoomWatch(_cluster);
        options ??= new SnapshotOptions();
        _snapshots = new Snapshots(_cluster, _keys, address.Options.Compacts ? options : options with { CompactAfter = null });
    }

    /// <inheritdoc />
    public Action<HeadMove?>? Changed { get; set; }

    /// <inheritdoc />
    public Action<TurnWish>? Asked { get; set; }

    /// <inheritdoc />
    public StoreRoom? Room => _roomWatch.Room;

    /// <inheritdoc />
    public bool WantsSnapshot => _snapshots.AreWanted;

    /// <inheritdoc />
    public async Task<JournalState> LoadAsync(CancellationToken cancel)
    {
        _watch.Start();
        _roomWatch.Start();
        while (true)
        {
            try
            {
                return await LoadOnceAsync(cancel);
            }
            catch (CompactedException)
            {
                // It took so long to read: there is a newer snapshot.
            }
        }
    }

    /// <inheritdoc />
    public bool Fits(JournalBatch batch) => batch.Events.Count == 0 || Written(batch).Length <= MostBytes;

    /// <inheritdoc />
    public async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        var request = new TxnRequest
        {
            Compare = { Guard(batch.After) },
            Failure = { _keys.HeadAndFrom(batch.After + 1, MostBatches) },
        };
        if (batch.Events.Count > 0)
        {
            request.Success.Add(EtcdKeys.Put(_keys.Head, StoredEvents.WriteHead(batch)));
            request.Success.Add(EtcdKeys.Put(_keys.Batch(batch.Events[0].Sequence), Written(batch)));
            request.Failure.Add(EtcdKeys.Put(_keys.First, StoredEvents.WriteWish(batch)));
        }

        TxnResponse answer = await TxnAsync(request, cancel);
        if (!answer.Succeeded)
        {
            long head = NoteHead(answer);
            return AppendAnswer.Late(Missed(answer, batch.After, head), head);
        }

        if (batch.Events.Count > 0)
        {
            _head = KnownHead.Of(batch, answer.Header.Revision);
            _snapshots.Count(Written(batch).Length);
        }

        return AppendAnswer.Appended;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel)
    {
        if (TakeHeard(after) is { Count: > 0 } heard)
        {
            return heard;
        }

        TxnResponse answer = await TxnAsync(new TxnRequest { Success = { _keys.PeekAndFrom(after + 1, MostBatches) } }, cancel);
        KnownHead head = HeadOf(answer);
        NoteIfLater(head);
        return Missed(answer, after, head.Sequence);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel)
    {
        TxnResponse answer = await TxnAsync(new TxnRequest { Success = { _keys.Around(number, most) } }, cancel);
        return
        [
            .. answer.Responses.Take(2).SelectMany(static read => read.ResponseRange.Kvs).Select(static found =>
                StoredEvents.ReadBatch(found.Value)),
        ];
    }

    /// <inheritdoc />
    public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel) => _snapshots.TryClaimAsync(head, cancel);

    /// <inheritdoc />
    public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel) =>
        Task.Run(() => _snapshots.SaveAsync(snapshot, cancel), cancel);

    /// <inheritdoc />
    public void Dispose()
    {
        _watch.Dispose();
        _roomWatch.Dispose();
        _cluster.Dispose();
    }

    private async Task<JournalState> LoadOnceAsync(CancellationToken cancel)
    {
        TxnResponse answer = await TxnAsync(new TxnRequest { Success = { _keys.HeadAndPointer() } }, cancel);
        long head = NoteHead(answer);
        if (head == 0)
        {
            return JournalState.Empty;
        }

        // All of one revision: what is dropped meanwhile is still in it.
        long revision = answer.Header.Revision;
        KeyValue? pointer = answer.Responses[1].ResponseRange.Kvs.FirstOrDefault();
        JournalSnapshot? snapshot = await _snapshots.LoadAsync(pointer, revision, cancel);
        var batches = new List<JournalBatch>();
        long read = snapshot?.Head ?? 0;
        while (read < head)
        {
            RangeRequest request = _keys.From(read + 1, MostBatches);
            request.Revision = revision;
            RepeatedField<KeyValue> found = (await _cluster.ReadMuchAsync(request, cancel)).Kvs;
            if (found.Count == 0)
            {
                throw Hole(read);
            }

            foreach (JournalBatch batch in found.Select(Read))
            {
                if (batch.After != read)
                {
                    throw Hole(read);
                }

                batches.Add(batch);
                read = batch.Events[^1].Sequence;
            }
        }

        return new JournalState(head, snapshot, batches, _head.Last);
    }

    // That the head is still the one that is known.
    private IEnumerable<Compare> Guard(long after)
    {
        // -1: no key has that revision, so that what was missed is brought.
        yield return EtcdKeys.IsAt(_keys.Head, after == _head.Sequence ? _head.Revision : -1);
        if (!_head.Value.IsEmpty)
        {
            // A cluster that was restored counts its revisions from there again.
            yield return EtcdKeys.Has(_keys.Head, _head.Value);
        }
    }

    private void Notice(KeyValue? head)
    {
        if (head is null)
        {
            Changed?.Invoke(null);
            return;
        }

        (long sequence, BatchId last) = StoredEvents.ReadHead(head.Value);
        Changed?.Invoke(new HeadMove(last.Writer, sequence));
    }

    private void NoticeWish(KeyValue first)
    {
        if (StoredEvents.ReadWish(first.Value) is { } wish)
        {
            Asked?.Invoke(wish);
        }
    }

    // As far as they follow each other: a watch that was opened anew has not told of all.
    private List<JournalBatch> TakeHeard(long after)
    {
        var followed = new List<JournalBatch>();
        foreach (KeyValue heard in _heard.TakeAfter(after))
        {
            JournalBatch batch = Read(heard);
            if (batch.After != after)
            {
                break;
            }

            followed.Add(batch);
            after = batch.Events[^1].Sequence;

            // The head was written with it.
            NoteIfLater(KnownHead.Of(batch, heard.ModRevision));
        }

        return followed;
    }

    private async Task<TxnResponse> TxnAsync(TxnRequest request, CancellationToken cancel) =>
        await _cluster.CallAsync((cluster, options) => cluster.TxnAsync(request, options), cancel);

    private ByteString Written(JournalBatch batch)
    {
        if (_written.Id != batch.Id)
        {
            _written = (batch.Id, StoredEvents.Write(batch));
        }

        return _written.Bytes;
    }

    private JournalBatch Read(KeyValue found)
    {
        _snapshots.Count(found.Value.Length);
        return StoredEvents.ReadBatch(found.Value);
    }

    private static KnownHead HeadOf(TxnResponse answer)
    {
        if (answer.Responses[0].ResponseRange.Kvs is not { Count: > 0 } found)
        {
            return new KnownHead(0, 0, default, ByteString.Empty);
        }

        (long sequence, BatchId last) = StoredEvents.ReadHead(found[0].Value);
        return new KnownHead(sequence, found[0].ModRevision, last, found[0].Value);
    }

    // What proves nothing may be old.
    private void NoteIfLater(in KnownHead head)
    {
        if (head.Sequence > _head.Sequence)
        {
            _head = head;
        }
    }

    private long NoteHead(TxnResponse answer)
    {
        KnownHead head = HeadOf(answer);
        if (head.Sequence < _head.Sequence || (head.Sequence == _head.Sequence && head.Last != _head.Last))
        {
            throw new JournalWentBackException("The cluster", _head.Sequence, head.Sequence);
        }

        _head = head;
        return head.Sequence;
    }

    // null: not kept any more.
    private List<JournalBatch>? Missed(TxnResponse answer, long after, long head)
    {
        List<JournalBatch> missed = [.. answer.Responses[1].ResponseRange.Kvs.Select(Read)];
        return (missed.Count == 0 ? head <= after : missed[0].After == after) ? missed : null;
    }

    private static InvalidDataException Hole(long read) => new($"The journal in etcd has no batch after event {read}");

    /// <summary>The head as it was last known.</summary>
    /// <param name="Sequence">The number of the last event.</param>
    /// <param name="Revision">The revision of the key, by which an append after it is guarded.</param>
    /// <param name="Last">The batch that it came with.</param>
    /// <param name="Value">The value of the key, by which an append is guarded too: it names that batch.</param>
    private readonly record struct KnownHead(long Sequence, long Revision, BatchId Last, ByteString Value)
    {
        public static KnownHead Of(JournalBatch batch, long revision) =>
            new(batch.Events[^1].Sequence, revision, batch.Id, StoredEvents.WriteHead(batch));
    }
}
