using System.Buffers;
using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>Lists of leases, of waiters and of agents, also those that are too long for one answer.</summary>
internal static class LongList
{
    /// <summary>Requests all of a list: in one read if it is short enough, else in pages.</summary>
    /// <param name="transport">Whom.</param>
    /// <param name="operation">Which list.</param>
    /// <param name="filter">Its filter; fields that are null are left out.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The whole list as one answer, or the error.</returns>
    public static Answer Ask(
        ITransport transport, Operation operation, (string Name, object? Value)[] filter, CancellationToken cancel = default)
    {
        Answer whole = transport.Ask(operation, Request.Of(filter), cancel);
        if (whole.Outcome.Error is not ErrorCode.InvalidRequest)
        {
            return whole;
        }

        // Too long, or invalid in another way, in which a page fails too.
        Answer page = Page(transport, operation, filter, cancel);
        if (!page.Outcome.IsSuccess)
        {
            return whole;
        }

        var all = new List<JsonElement>(page.Data.EnumerateArray());
        while (page.Json.TryGetProperty("next", out JsonElement next))
        {
            page = Page(transport, operation, [.. filter, ("after", CursorOf(next))], cancel);
            if (!page.Outcome.IsSuccess)
            {
                return page;
            }

            all.AddRange(page.Data.EnumerateArray());
        }

        return Merge(all);
    }

    private static Answer Page(
        ITransport transport, Operation operation, (string Name, object? Value)[] filter, CancellationToken cancel) =>
        transport.Ask(operation, Request.Of([.. filter, ("limit", (long)Limits.Page)]), cancel);

    // Leases and waiters have numbers, agents have none.
    private static object CursorOf(JsonElement next) => next.ValueKind == JsonValueKind.String ? next.GetString()! : next.GetInt64();

    private static Answer Merge(List<JsonElement> entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            json.WriteStartArray("data");
            entries.ForEach(entry => entry.WriteTo(json));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Answer.Read(buffer.WrittenMemory) ?? throw new InvalidOperationException("What was just written is no answer.");
    }
}
