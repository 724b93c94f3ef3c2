using System.Security.Cryptography;
using Google.Protobuf;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Journal;
using Klock.Storage.Journal.Stored;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>Which batch is before another one, and before a snapshot, as it is stored; and what an older Klock has stored.</summary>
public sealed class StoredChainTests
{
    private static readonly BatchId _before = new(new LeaseId(UInt128.MaxValue - 7), 41);
    private static readonly JournalBatch _batch = new(
        new BatchId(new LeaseId(5), 42), 6, [new Event { Sequence = 7, Kind = EventKind.Resumed, AtMs = 1 }]) { Before = _before };

    private static readonly JournalSnapshot _snapshot = new(7, _batch.Events, [], 7) { Last = _batch.Id };

    [Fact]
    public void A_batch_comes_back_with_the_one_before_it()
    {
        JournalBatch read = StoredEvents.ReadBatch(StoredEvents.Write(_batch));
        Assert.Equal((_batch.Id, _batch.After, _before), (read.Id, read.After, read.Before));
        Assert.True(read.Follows(new JournalHead(6, _before)));
        Assert.False(read.Follows(new JournalHead(6, _batch.Id)));
        Assert.False(read.Follows(new JournalHead(5, _before)));
    }

    [Fact]
    public void A_batch_that_names_none_goes_on_from_any()
    {
        StoredBatch stored = StoredBatch.Parser.ParseFrom(StoredEvents.Write(_batch));
        (stored.BeforeWriter, stored.BeforeNumber) = (ByteString.Empty, 0);
        JournalBatch read = StoredEvents.ReadBatch(stored.ToByteString());
        Assert.Equal(default, read.Before);
        Assert.True(read.Follows(new JournalHead(6, _before)));
        Assert.True(read.Follows(new JournalHead(6, default)));
        Assert.False(read.Follows(new JournalHead(5, _before)));
    }

    [Fact]
    public void A_wish_that_cannot_be_read_is_none()
    {
        var wish = StoredWish.Parser.ParseFrom(StoredEvents.WriteWish(_batch with { Usual = TimeSpan.FromMilliseconds(3) }));
        Assert.Equal(new TurnWish(_batch.Id.Writer, TimeSpan.FromMilliseconds(3)), StoredEvents.ReadWish(wish.ToByteString()));
        Assert.Null(StoredEvents.ReadWish(ByteString.CopyFromUtf8("nonsense")));
        Assert.Null(StoredEvents.ReadWish(new StoredWish(wish) { Format = 2 }.ToByteString()));
        Assert.Null(StoredEvents.ReadWish(new StoredWish(wish) { Writer = ByteString.CopyFromUtf8("x") }.ToByteString()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_snapshot_comes_back_with_the_batch_that_it_ends_with_or_without_one(bool isNamed)
    {
        StoredPointer pointer = StoredSnapshots.PointTo(_snapshot);
        ByteString chunk = Assert.Single(StoredSnapshots.Write(_snapshot, chunkBytes: 1_000));
        pointer.Checksum = ByteString.CopyFrom(SHA256.HashData(chunk.Span));
        if (!isNamed)
        {
            (pointer.Writer, pointer.Number) = (ByteString.Empty, 0);
        }

        using var reader = new StoredSnapshots.Reader(StoredSnapshots.ReadPointer(pointer.ToByteString()));
        reader.Add(chunk);
        JournalSnapshot read = reader.End();
        Assert.Equal((7, isNamed ? _batch.Id : default), (read.Head, read.Last));
    }
}
