using System.Globalization;
using Google.Protobuf;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>The keys of a journal, and the parts of requests that name them.</summary>
/// <remarks>
/// <c>head</c> has the number of the last event; its revision is what an append is guarded by.
/// <c>first</c> has who was too late last, and asks the others to let it go first.
/// <c>e/&lt;first number&gt;</c> has a batch, the number in 19 digits, so that the order of keys is that of events.
/// <c>snapshot</c> points to the last snapshot, <c>s/&lt;number&gt;/&lt;claim&gt;/&lt;part&gt;</c> has a part of one, and <c>snapping</c>
/// is there while one is written.
/// </remarks>
internal sealed class EtcdKeys(string prefix)
{
    // No key has this name, so that deleting it changes nothing; but a transaction that may delete goes through the log of the cluster.
    private readonly ByteString _never = ByteString.CopyFromUtf8(prefix + "never");

    // '0' follows '/'.
    private readonly ByteString _end = ByteString.CopyFromUtf8(prefix + "e0");

    /// <summary>The key of the head.</summary>
    public ByteString Head { get; } = ByteString.CopyFromUtf8(prefix + "head");

    /// <summary>The key of who asks to be let go first.</summary>
    public ByteString First { get; } = ByteString.CopyFromUtf8(prefix + "first");

    /// <summary>The key that points to the last snapshot.</summary>
    public ByteString Pointer { get; } = ByteString.CopyFromUtf8(prefix + "snapshot");

    /// <summary>The key that is there while a snapshot is written.</summary>
    public ByteString Claim { get; } = ByteString.CopyFromUtf8(prefix + "snapping");

    /// <summary>Watches the head, who asks to go first, and all batches; of those that are dropped nothing is told.</summary>
    public WatchRequest Watch => new()
    {
        CreateRequest = new WatchCreateRequest
        {
            // No other key is between.
            Key = ByteString.CopyFromUtf8(prefix + "e/"), RangeEnd = ByteString.CopyFrom([.. Head.Span, 0]),
            Filters = { WatchCreateRequest.Types.FilterType.Nodelete },
        },
    };

    /// <summary>The number of the first event of the batch that a key has; 0 when it is not that of a batch.</summary>
    public long FirstOf(ByteString key)
    {
        string name = key.ToStringUtf8();
        return name.StartsWith(prefix + "e/", StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(prefix.Length + 2), NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            ? first : 0;
    }

    /// <summary>The key of the batch whose first event has a number.</summary>
    public ByteString Batch(long first) => ByteString.CopyFromUtf8(prefix + "e/" + Digits(first));

    /// <summary>The key of a part of a snapshot.</summary>
    public ByteString Chunk(long sequence, long claim, long number) =>
        ByteString.CopyFromUtf8($"{prefix}s/{Digits(sequence)}/{Digits(claim)}/{Digits(number)}");

    /// <summary>The batches whose first event has that number or a higher one, the oldest first.</summary>
    public RangeRequest From(long first, int most) => new() { Key = Batch(first), RangeEnd = _end, Limit = most };

    /// <summary>The last batch whose first event has that number or a lower one.</summary>
    public RangeRequest LastUpTo(long first) =>
        new() { Key = Batch(0), RangeEnd = Batch(first + 1), Limit = 1, SortOrder = RangeRequest.Types.SortOrder.Descend };

    /// <summary>Some parts of a snapshot, in their order.</summary>
    public RangeRequest Chunks(long sequence, long claim, long first, int most) =>
        new() { Key = Chunk(sequence, claim, first), RangeEnd = Chunk(sequence, claim, long.MaxValue), Limit = most };

    /// <summary>That a key is as it was; 0 for one that was not there.</summary>
    public static Compare IsAt(ByteString key, long revision) =>
        new() { Key = key, Target = Compare.Types.CompareTarget.Mod, ModRevision = revision };

    /// <summary>That a key has a value.</summary>
    public static Compare Has(ByteString key, ByteString value) =>
        new() { Key = key, Target = Compare.Types.CompareTarget.Value, Value = value };

    public static RequestOp Get(ByteString key) => new() { RequestRange = new RangeRequest { Key = key } };

    public static RequestOp Put(ByteString key, ByteString value) => new() { RequestPut = new PutRequest { Key = key, Value = value } };

    public static RequestOp Delete(ByteString key) => new() { RequestDeleteRange = new DeleteRangeRequest { Key = key } };

    /// <summary>Deletes the keys from one on to another, which is the first that stays.</summary>
    public static RequestOp Delete(ByteString from, ByteString to) =>
        new() { RequestDeleteRange = new DeleteRangeRequest { Key = from, RangeEnd = to } };

    /// <summary>Reads the head and the batches after a number; goes through the cluster's log.</summary>
    public IEnumerable<RequestOp> HeadAndFrom(long first, int most) => [.. PeekAndFrom(first, most), Delete(_never)];

    /// <summary>The same as far as it is known to the member that is asked.</summary>
    public IEnumerable<RequestOp> PeekAndFrom(long first, int most) =>
        [Get(Head), new RequestOp { RequestRange = From(first, most) }];

    /// <summary>Reads the last batch that begins at a number or before it, and those after it; goes through the cluster's log.</summary>
    public IEnumerable<RequestOp> Around(long number, int most) =>
    [
        new RequestOp { RequestRange = LastUpTo(number) }, new RequestOp { RequestRange = From(number + 1, most) }, Delete(_never),
    ];

    /// <summary>Reads the head and the pointer to the last snapshot; goes through the cluster's log.</summary>
    public IEnumerable<RequestOp> HeadAndPointer() => [Get(Head), Get(Pointer), Delete(_never)];

    private static string Digits(long number) => number.ToString("D19", CultureInfo.InvariantCulture);
}
