using System.Globalization;
using Google.Protobuf;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>The keys of a journal, and the parts of requests that name them.</summary>
/// <remarks>
/// <c>head</c> has the number of the last event; its revision is what an append is guarded by.
/// <c>e/&lt;first number&gt;</c> has a batch, the number in 19 digits, so that the order of keys is that of events.
/// </remarks>
internal sealed class EtcdKeys(string prefix)
{
    /// <summary>The key of the head.</summary>
    public ByteString Head { get; } = ByteString.CopyFromUtf8(prefix + "head");

    // No key has this name, so that deleting it changes nothing; but a transaction that may delete goes through the log of the cluster.
    private readonly ByteString _never = ByteString.CopyFromUtf8(prefix + "never");

    // '0' follows '/'.
    private readonly ByteString _end = ByteString.CopyFromUtf8(prefix + "e0");

    /// <summary>The key of the batch whose first event has a number.</summary>
    public ByteString Batch(long first) =>
        ByteString.CopyFromUtf8(prefix + "e/" + first.ToString("D19", CultureInfo.InvariantCulture));

    /// <summary>The batches whose first event has that number or a higher one, the oldest first.</summary>
    public RangeRequest From(long first, int most) => new() { Key = Batch(first), RangeEnd = _end, Limit = most };

    /// <summary>The batch with an event, if it is kept.</summary>
    public RangeRequest With(long sequence) => new()
    {
        Key = Batch(0), RangeEnd = Batch(sequence + 1), Limit = 1,
        SortOrder = RangeRequest.Types.SortOrder.Descend, SortTarget = RangeRequest.Types.SortTarget.Key,
    };

    /// <summary>That the head is as it was.</summary>
    public Compare IsAt(long revision) => new() { Key = Head, Target = Compare.Types.CompareTarget.Mod, ModRevision = revision };

    /// <summary>Reads the head and the batches after a number; goes through the cluster's log.</summary>
    public IEnumerable<RequestOp> HeadAndFrom(long first, int most) =>
    [
        .. PeekAndFrom(first, most),
        new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = _never } },
    ];

    /// <summary>The same as far as it is known to the member that is asked.</summary>
    public IEnumerable<RequestOp> PeekAndFrom(long first, int most) =>
    [
        new RequestOp { RequestRange = new RangeRequest { Key = Head } },
        new RequestOp { RequestRange = From(first, most) },
    ];
}
