using Klock.Coordinator.Json;

namespace Klock.Coordinator.Commands;

/// <summary>The entries of a list that are on a page.</summary>
/// <param name="listing">The list.</param>
/// <param name="entries">The entries.</param>
/// <param name="hasMore">Whether the list goes on behind them.</param>
internal readonly struct PagePart<T>(Listing<T> listing, List<T> entries, bool hasMore)
{
    /// <summary>Whether the list goes on behind them.</summary>
    public bool HasMore => hasMore;

    /// <summary>Writes the entries as an array.</summary>
    public void Write(ref JsonText json, ReadOnlySpan<byte> name)
    {
        json.WriteStartArray(name);
        foreach (T entry in entries)
        {
            listing.Write(ref json, entry);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes where the next page starts, when there is more.</summary>
    public void WriteNext(ref JsonText json, ReadOnlySpan<byte> name)
    {
        if (hasMore)
        {
            listing.WriteCursor(ref json, name, entries[^1]);
        }
    }
}
