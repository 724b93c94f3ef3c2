using Google.Protobuf;
using Google.Protobuf.Collections;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Events;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>A journal in an etcd cluster.</summary>
/// <remarks>
/// An append is one transaction, guarded by the revision of the head: it is refused when anybody has appended meanwhile, and brings then
/// what was missed. Whatever proves something goes through the cluster's log, since other reads of etcd can be old (etcd#20418).
/// All batches from the first are kept, and a store that is opened reads them all.
/// </remarks>
internal sealed class EtcdJournal : IJournal
{
    // A batch has up to 256 commands; whoever has missed more asks again.
    private const int MostBatches = 128;

    private readonly Cluster _cluster;
    private readonly EtcdKeys _keys;
    private readonly HeadWatch _watch;

    // How many events are shown of those that happened, as by a store in memory.
    private const int Shown = 8_192;

    // The last head that is known: which event, and the revision by which an append after it is guarded.
    private long _sequence;
    private long _revision;

    private BatchId _sent;

    public EtcdJournal(EtcdAddress address)
    {
        _cluster = new Cluster(address.Endpoints);
        _keys = new EtcdKeys(address.Prefix);
        _watch = new HeadWatch(_cluster, _keys.Head, Notice);
    }

    /// <inheritdoc />
    public Action? Changed { get; set; }

    /// <inheritdoc />
    public async Task<long> LoadAsync(IEventSink sink, CancellationToken cancel)
    {
        _watch.Start();
        var request = new TxnRequest { Success = { _keys.HeadAndFrom(0, MostBatches) } };
        TxnResponse answer = await TxnAsync(request, cancel);
        long head = NoteHead(answer);
        if (head == 0)
        {
            return 0;
        }

        long read = 0;
        IList<KeyValue> found = answer.Responses[1].ResponseRange.Kvs;
        while (true)
        {
            foreach (JournalBatch batch in found.Select(static each => StoredEvents.ReadBatch(each.Value)))
            {
                if (read > 0 && batch.After != read)
                {
                    throw Hole(read);
                }

                // What was appended while this was read is followed later.
                if (batch.After < head)
                {
                    Pass(batch.Events, sink);
                    read = batch.Events[^1].Sequence;
                }
            }

            if (read >= head)
            {
                return head;
            }

            found = await RangeAsync(_keys.From(read + 1, MostBatches), cancel);
            if (found.Count == 0)
            {
                throw Hole(read);
            }
        }
    }

    /// <inheritdoc />
    public async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        _sent = batch.Id;

        // -1: no key has that revision, so that what was missed is brought.
        var request = new TxnRequest
        {
            Compare = { _keys.IsAt(batch.After == _sequence ? _revision : -1) },
            Failure = { _keys.HeadAndFrom(batch.After + 1, MostBatches) },
        };
        if (batch.Events.Count > 0)
        {
            request.Success.Add(Put(_keys.Head, StoredEvents.WriteHead(batch)));
            request.Success.Add(Put(_keys.Batch(batch.Events[0].Sequence), StoredEvents.Write(batch)));
        }

        TxnResponse answer = await TxnAsync(request, cancel);
        if (!answer.Succeeded)
        {
            NoteHead(answer);
            return new AppendAnswer(IsAppended: false, Missed(answer, batch.After));
        }

        if (batch.Events.Count > 0)
        {
            (_sequence, _revision) = (batch.Events[^1].Sequence, answer.Header.Revision);
        }

        return AppendAnswer.Appended;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel)
    {
        try
        {
            var request = new TxnRequest { Success = { _keys.PeekAndFrom(after + 1, MostBatches) } };
            return Missed(await TxnAsync(request, cancel), after);
        }
        catch (NoAnswerException)
        {
            // Whoever needs to know asks by an append.
            return [];
        }
    }

    /// <inheritdoc />
    public async Task<long> ReadAsync(long after, int limit, IEventSink sink, CancellationToken cancel)
    {
        var request = new TxnRequest { Success = { _keys.PeekAndFrom(0, 1) } };
        TxnResponse ends = await TxnAsync(request, cancel);
        if (ends.Responses[0].ResponseRange.Kvs is not { Count: > 0 } head
            || ends.Responses[1].ResponseRange.Kvs is not { Count: > 0 } oldest)
        {
            return 0;
        }

        long beforeOldest = Math.Max(
            StoredEvents.ReadBatch(oldest[0].Value).Events[0].Sequence - 1, StoredEvents.ReadHead(head[0].Value).Sequence - Shown);
        long next = Math.Max(after, beforeOldest) + 1;
        IList<KeyValue> found = await RangeAsync(_keys.With(next), cancel);
        for (int left = limit; left > 0 && found.Count > 0;)
        {
            List<Event> shown =
            [
                .. found.SelectMany(static each => StoredEvents.ReadBatch(each.Value).Events)
                    .Where(happened => happened.Sequence >= next).Take(left),
            ];
            Pass(shown, sink);
            left -= shown.Count;
            next = shown.Count == 0 ? next : shown[^1].Sequence + 1;
            found = await RangeAsync(_keys.From(next, Math.Clamp(left, 1, MostBatches)), cancel);
        }

        return beforeOldest;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _watch.Dispose();
        _cluster.Dispose();
    }

    private void Notice(KeyValue head)
    {
        // Of an append of one's own there is nothing to learn. It is read while it may be written: then a hint is given too many or few.
        if (StoredEvents.ReadHead(head.Value).Last != _sent)
        {
            Changed?.Invoke();
        }
    }

    private async Task<TxnResponse> TxnAsync(TxnRequest request, CancellationToken cancel) =>
        await _cluster.CallAsync((cluster, options) => cluster.TxnAsync(request, options), cancel);

    private async Task<IList<KeyValue>> RangeAsync(RangeRequest request, CancellationToken cancel) =>
        (await _cluster.CallAsync((cluster, options) => cluster.RangeAsync(request, options), cancel)).Kvs;

    private long NoteHead(TxnResponse answer)
    {
        RepeatedField<KeyValue> found = answer.Responses[0].ResponseRange.Kvs;
        long sequence = found.Count == 0 ? 0 : StoredEvents.ReadHead(found[0].Value).Sequence;
        if (sequence < _sequence)
        {
            throw new IOException(
                $"The cluster has gone back from event {_sequence} to {sequence}, as one restored from a backup does; "
                + "this server refuses until it is started again");
        }

        (_sequence, _revision) = (sequence, found.Count == 0 ? 0 : found[0].ModRevision);
        return sequence;
    }

    // null: not kept any more.
    private static List<JournalBatch>? Missed(TxnResponse answer, long after)
    {
        List<JournalBatch> missed =
            [.. answer.Responses[1].ResponseRange.Kvs.Select(static each => StoredEvents.ReadBatch(each.Value))];
        return missed.Count == 0 || missed[0].After == after ? missed : null;
    }

    private static RequestOp Put(ByteString key, ByteString value) => new() { RequestPut = new PutRequest { Key = key, Value = value } };

    private static InvalidDataException Hole(long read) => new($"The journal in etcd has no batch after event {read}");

    private static void Pass(IEnumerable<Event> events, IEventSink sink)
    {
        foreach (Event happened in events)
        {
            sink.Append(happened);
        }
    }
}
