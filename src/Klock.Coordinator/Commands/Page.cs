using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Commands;

/// <summary>Which part of a list is asked for: <c>{"limit"?,"after"?}</c>. Without a limit all of it, up to a bound.</summary>
internal sealed class Page(in RequestFields request)
{
    private readonly int? _limit = (int?)Fields.Limit.ReadOptional(request);

    /// <summary>Entries with higher numbers are wanted.</summary>
    public long After { get; } = (long)(Fields.After.ReadOptional(request) ?? 0);

    /// <summary>How many entries, at the most, are listed.</summary>
    public int Most => _limit ?? Limits.Listed;

    /// <summary>Writes the list, and where the next page starts when there is more.</summary>
    /// <param name="json">Where it is written.</param>
    /// <param name="entries">Those after <see cref="After"/>, in order, and one more than the page has if there are so many.</param>
    /// <param name="numberOf">The number of an entry.</param>
    /// <param name="write">Writes an entry.</param>
    public Outcome Write<T>(ref JsonText json, List<T> entries, Func<T, long> numberOf, EntryWriter<T> write)
    {
        bool hasMore = entries.Count > Most;
        if (hasMore && _limit is null)
        {
            return Answers.WriteError(
                ref json, ErrorCode.InvalidRequest,
                $"limit is missing, and there are more than {Limits.Listed} to list: ask for pages, with limit and after.");
        }

        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        foreach (T entry in entries.Take(Most))
        {
            write(ref json, entry);
        }

        json.WriteEndArray();
        if (hasMore)
        {
            json.WriteNumber("next"u8, numberOf(entries[Most - 1]));
        }

        json.WriteEndObject();
        return Outcome.Done;
    }
}

/// <summary>Writes one entry of a list.</summary>
internal delegate void EntryWriter<T>(ref JsonText json, T entry);
