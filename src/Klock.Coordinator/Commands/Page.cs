using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>How much of a list is asked for: <c>{"limit"?}</c>. Without a limit all of it, up to a bound.</summary>
internal sealed class Page(in RequestFields request)
{
    private readonly int? _limit = (int?)Fields.Limit.ReadOptional(request);

    private int Most => _limit ?? Limits.Listed;

    /// <summary>Reads <c>after</c>, the number behind which a list starts.</summary>
    public static long ReadAfter(in RequestFields request) => (long)(Fields.After.ReadOptional(request) ?? 0);

    /// <summary>The page of a list.</summary>
    public PagePart<T> Of<T>(Listing<T> listing, LeaseTable table, long nowMs)
    {
        List<T> entries = [.. listing.Select(table, nowMs).Take(Most + 1)];
        bool hasMore = entries.Count > Most;
        if (hasMore)
        {
            entries.RemoveAt(Most);
        }

        return new PagePart<T>(listing, entries, hasMore);
    }

    /// <summary>Whether a list is too long for a caller who asked for no page.</summary>
    public bool IsTooMuch<T>(in PagePart<T> part) => part.HasMore && _limit is null;

    /// <summary>Writes that it is.</summary>
    public static Outcome WriteTooMuch(ref JsonText json) => Answers.WriteError(
        ref json, ErrorCode.InvalidRequest,
        $"limit is missing, and there are more than {Limits.Listed} to list: ask for pages, with limit and after.");
}
