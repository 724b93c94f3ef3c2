using System.Buffers;
using System.Text.Json;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;

namespace Klock.Agents.Leases;

/// <summary>Requests that may be sent again, to another server, when nobody knows whether they were carried out.</summary>
/// <remarks>
/// An acquire needs an idempotency key for that, and gets one here if its caller gave none. All other requests come to the same when they
/// are carried out twice.
/// </remarks>
internal static class RepeatableRequest
{
    private const string RequestId = "request_id";
    private const string WaitMsField = "wait_ms";

    /// <summary>The request, with an idempotency key if it needs one.</summary>
    public static ReadOnlyMemory<byte> Of(Operation operation, ReadOnlyMemory<byte> request)
    {
        if (operation is not (Operation.Acquire or Operation.AcquireAll))
        {
            return request;
        }

        using var fields = JsonDocument.Parse(request);
        bool isNamed = fields.RootElement.TryGetProperty(RequestId, out JsonElement name) && name.ValueKind != JsonValueKind.Null;
        return isNamed ? request
            : With(fields, RequestId, json => json.WriteString(RequestId, $"servers-{KernelRandom.Shared.Next()}"));
    }

    /// <summary>How long it asks to wait, in ms; 0 for not at all.</summary>
    public static long WaitMs(ReadOnlyMemory<byte> request)
    {
        using var fields = JsonDocument.Parse(request);
        return fields.RootElement.TryGetProperty(WaitMsField, out JsonElement wait) && wait.ValueKind == JsonValueKind.Number
            ? wait.GetInt64() : 0;
    }

    /// <summary>The same request for what is left of its wait.</summary>
    public static ReadOnlyMemory<byte> WithWait(ReadOnlyMemory<byte> request, long waitMs)
    {
        using var fields = JsonDocument.Parse(request);
        return With(fields, WaitMsField, json => json.WriteNumber(WaitMsField, waitMs));
    }

    private static ReadOnlyMemory<byte> With(JsonDocument fields, string name, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (JsonProperty field in fields.RootElement.EnumerateObject().Where(field => !field.NameEquals(name)))
            {
                field.WriteTo(json);
            }

            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
