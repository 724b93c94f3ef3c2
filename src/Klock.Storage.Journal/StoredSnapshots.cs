using System.Security.Cryptography;
using Google.Protobuf;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Events;
using Klock.Storage.Journal.Stored;

namespace Klock.Storage.Journal;

/// <summary>Snapshots as they are stored, in chunks, and back.</summary>
internal static class StoredSnapshots
{
    /// <summary>The chunks of a snapshot, each of about so many bytes.</summary>
    public static IEnumerable<ByteString> Write(JournalSnapshot snapshot, int chunkBytes)
    {
        var chunk = new StoredChunk();
        int bytes = 0;
        IEnumerable<(Event Happened, bool IsShown)> all =
            [.. snapshot.State.Select(static each => (each, false)), .. snapshot.Shown.Select(static each => (each, true))];
        foreach ((Event happened, bool isShown) in all)
        {
            StoredEvent stored = StoredEvents.Write(happened);
            int size = stored.CalculateSize();
            if (bytes > 0 && bytes + size > chunkBytes)
            {
                yield return chunk.ToByteString();
                (chunk, bytes) = (new StoredChunk(), 0);
            }

            (isShown ? chunk.Shown : chunk.State).Add(stored);
            bytes += size;
        }

        yield return chunk.ToByteString();
    }

    /// <summary>The pointer to a snapshot, as far as that is known before it is written.</summary>
    public static StoredPointer PointTo(JournalSnapshot snapshot) => new()
    {
        Format = StoredEvents.Format, Sequence = snapshot.Head, ShownAfter = snapshot.ShownAfter,
        Writer = StoredEvents.Bytes(snapshot.Last.Writer), Number = snapshot.Last.Number,
    };

    public static StoredPointer ReadPointer(ByteString value)
    {
        StoredPointer stored = StoredEvents.Parse(StoredPointer.Parser, value);
        StoredEvents.Check(stored.Format);
        return stored;
    }

    /// <summary>Puts a snapshot together from its chunks, in their order.</summary>
    public sealed class Reader(StoredPointer pointer) : IDisposable
    {
        private readonly IncrementalHash _checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly List<Event> _state = [];
        private readonly List<Event> _shown = [];

        public void Add(ByteString chunk)
        {
            _checksum.AppendData(chunk.Span);
            StoredChunk stored = StoredEvents.Parse(StoredChunk.Parser, chunk);
            _state.AddRange(stored.State.Select(StoredEvents.Read));
            _shown.AddRange(stored.Shown.Select(StoredEvents.Read));
        }

        public JournalSnapshot End() => _checksum.GetHashAndReset().AsSpan().SequenceEqual(pointer.Checksum.Span)
            ? new JournalSnapshot(pointer.Sequence, _state, _shown, pointer.ShownAfter)
            {
                Last = new BatchId(StoredEvents.Id(pointer.Writer), pointer.Number),
            }
            : throw new InvalidDataException($"The snapshot of event {pointer.Sequence} is not what was written");

        public void Dispose() => _checksum.Dispose();
    }
}
