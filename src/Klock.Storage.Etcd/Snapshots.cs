using System.Security.Cryptography;
using Google.Protobuf;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Etcd.Api;
using Klock.Storage.Journal;
using Klock.Storage.Journal.Stored;

namespace Klock.Storage.Etcd;

/// <summary>The snapshots of a journal in etcd: when one is wanted, who writes it, and what goes with the one before.</summary>
/// <remarks>
/// One store at a time has the claim to write: a key that moves when it is claimed. The last step of writing is a transaction that moves
/// the pointer to the new snapshot, only if claim and pointer are as they were. So a store that was slow, and was taken for dead, writes
/// what nobody points to. Chunks are named after the claim too: no two stores ever write the same key.
/// </remarks>
internal sealed class Snapshots(Cluster cluster, EtcdKeys keys, SnapshotOptions options)
{
    private const int ChunksAtOnce = 8;

    private readonly TimeProvider _time = options.Time;
    private readonly ByteString _writer = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));
    private readonly Queue<(long At, long Revision)> _written = new();

    // The last snapshot that is known, and what came after it.
    private long _sequence;
    private long _size;
    private long _bytesAfter;

    private (long Revision, long Pointer) _claim;
    private (long Revision, long At) _foreign;

    // When the one that is not written yet was tried; 0 for none.
    private long _triedAt;

    /// <summary>Whether so much was appended since the last one that a new one is wanted.</summary>
    public bool AreWanted => Volatile.Read(ref _bytesAfter) > Math.Max(options.AfterBytes, Volatile.Read(ref _size))
        && Volatile.Read(ref _triedAt) is var triedAt && (triedAt == 0 || _time.GetElapsedTime(triedAt) > options.Pause);

    /// <summary>A batch was appended or followed.</summary>
    public void Count(int bytes) => Interlocked.Add(ref _bytesAfter, bytes);

    /// <summary>Reads the snapshot that a pointer points to.</summary>
    /// <param name="pointer">The pointer; null when there is none.</param>
    /// <param name="revision">The revision of the cluster at which it was read.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<JournalSnapshot?> LoadAsync(KeyValue? pointer, long revision, CancellationToken cancel)
    {
        if (pointer is null)
        {
            (_sequence, _size, _bytesAfter) = (0, 0, 0);
            return null;
        }

        StoredPointer stored = StoredSnapshots.ReadPointer(pointer.Value);
        using var read = new StoredSnapshots.Reader(stored);
        for (int chunk = 0; chunk < stored.Chunks;)
        {
            RangeRequest request = keys.Chunks(stored.Sequence, stored.Claim, chunk, ChunksAtOnce);
            request.Revision = revision;
            RangeResponse found = await cluster.ReadMuchAsync(request, cancel);
            if (found.Kvs.Count == 0)
            {
                throw new InvalidDataException($"The snapshot in etcd of event {stored.Sequence} lacks its part {chunk}");
            }

            foreach (KeyValue each in found.Kvs)
            {
                read.Add(each.Value);
            }

            chunk += found.Kvs.Count;
        }

        Note(stored);
        return read.End();
    }

    /// <summary>Claims to write the next snapshot.</summary>
    public async Task<bool> TryClaimAsync(long head, CancellationToken cancel)
    {
        Volatile.Write(ref _triedAt, _time.GetTimestamp());
        var look = new TxnRequest { Success = { EtcdKeys.Get(keys.Pointer), EtcdKeys.Get(keys.Claim) } };
        TxnResponse seen = await TxnAsync(look, cancel);
        KeyValue? pointer = seen.Responses[0].ResponseRange.Kvs.FirstOrDefault();
        KeyValue? claim = seen.Responses[1].ResponseRange.Kvs.FirstOrDefault();
        if (pointer is not null && StoredSnapshots.ReadPointer(pointer.Value) is var last && last.Sequence > _sequence)
        {
            // Somebody else has written one. What came after it is not known, and little.
            Note(last);
            return false;
        }

        if ((pointer is not null && _sequence >= head) || (claim is not null && !MayTake(claim)))
        {
            return false;
        }

        var take = new TxnRequest
        {
            Compare = { EtcdKeys.IsAt(keys.Claim, claim?.ModRevision ?? 0) }, Success = { EtcdKeys.Put(keys.Claim, _writer) },
        };
        TxnResponse taken = await TxnAsync(take, cancel);
        _claim = (taken.Header.Revision, pointer?.ModRevision ?? 0);
        return taken.Succeeded;
    }

    /// <summary>Writes the snapshot that was claimed, and drops what it stands for.</summary>
    public async Task SaveAsync(JournalSnapshot snapshot, CancellationToken cancel)
    {
        (long claim, long before) = _claim;
        long bytesBefore = Volatile.Read(ref _bytesAfter);
        StoredPointer stored = StoredSnapshots.PointTo(snapshot);
        stored.Claim = claim;
        using var checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ByteString chunk in StoredSnapshots.Write(snapshot, options.ChunkBytes))
        {
            checksum.AppendData(chunk.Span);
            var put = new TxnRequest { Success = { EtcdKeys.Put(keys.Chunk(snapshot.Head, claim, stored.Chunks++), chunk) } };
            await TxnAsync(put, cancel);
            stored.Bytes += chunk.Length;
        }

        stored.Checksum = ByteString.CopyFrom(checksum.GetHashAndReset());
        var point = new TxnRequest
        {
            Compare = { EtcdKeys.IsAt(keys.Claim, claim), EtcdKeys.IsAt(keys.Pointer, before) },
            Success = { EtcdKeys.Put(keys.Pointer, stored.ToByteString()), EtcdKeys.Delete(keys.Claim) },
        };
        TxnResponse pointed = await TxnAsync(point, cancel);
        if (!pointed.Succeeded)
        {
            return;
        }

        Volatile.Write(ref _triedAt, 0);
        long bytesMeanwhile = Math.Max(Volatile.Read(ref _bytesAfter) - bytesBefore, 0);
        Note(stored);
        Count((int)Math.Min(bytesMeanwhile, int.MaxValue));
        await DropAsync(stored, cancel);
        await CompactAsync(pointed.Header.Revision, cancel);
    }

    private void Note(StoredPointer last)
    {
        _sequence = last.Sequence;
        Volatile.Write(ref _size, last.Bytes);
        Interlocked.Exchange(ref _bytesAfter, 0);
    }

    // One's own is of an attempt that has ended.
    private bool MayTake(KeyValue claim)
    {
        if (claim.ModRevision != _foreign.Revision)
        {
            _foreign = (claim.ModRevision, _time.GetTimestamp());
        }

        return claim.Value == _writer || _time.GetElapsedTime(_foreign.At) > options.ClaimLasts;
    }

    private async Task DropAsync(StoredPointer last, CancellationToken cancel)
    {
        var drop = new TxnRequest
        {
            Success =
            {
                EtcdKeys.Delete(keys.Chunk(0, 0, 0), keys.Chunk(last.Sequence, last.Claim, 0)),
                EtcdKeys.Delete(keys.Batch(0), keys.Batch(Math.Max(last.Sequence - options.EventsBehind, 0) + 1)),
            },
        };
        await TxnAsync(drop, cancel);
    }

    // To a revision of some time ago: whoever reads at one has read by then.
    private async Task CompactAsync(long revision, CancellationToken cancel)
    {
        if (options.CompactAfter is not { } age)
        {
            return;
        }

        _written.Enqueue((_time.GetTimestamp(), revision));
        long old = 0;
        while (_written.TryPeek(out (long At, long Revision) first) && _time.GetElapsedTime(first.At) >= age)
        {
            old = _written.Dequeue().Revision;
        }

        if (old > 0)
        {
            var request = new CompactionRequest { Revision = old };
            await cluster.CallAsync((member, call) => member.CompactAsync(request, call), cancel);
        }
    }

    private async Task<TxnResponse> TxnAsync(TxnRequest request, CancellationToken cancel) =>
        await cluster.CallAsync((member, call) => member.TxnAsync(request, call), cancel);
}
