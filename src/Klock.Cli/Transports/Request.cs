using System.Buffers;
using System.Text.Json;
using Klock.Cli.Naming;

namespace Klock.Cli.Transports;

/// <summary>Requests as JSON.</summary>
internal static class Request
{
    /// <summary>An object of these fields; those that are null are left out.</summary>
    public static ReadOnlyMemory<byte> Of(params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach ((string name, object? value) in fields)
        {
            WriteField(json, name, value);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> OnLease(string leaseId, long? ttlMs = null) => Of(("lease_id", leaseId), ("ttl", ttlMs));

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                json.WriteString(name, text);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case ulong number:
                json.WriteNumber(name, number);
                break;
            case IReadOnlyList<Wanted> intents:
                WriteIntents(json, name, intents);
                break;
            default:
                throw new ArgumentException($"no way to write a {value.GetType().Name}", nameof(value));
        }
    }

    private static void WriteIntents(Utf8JsonWriter json, string name, IReadOnlyList<Wanted> intents)
    {
        json.WriteStartArray(name);
        foreach (Wanted intent in intents)
        {
            json.WriteStartObject();
            json.WriteString("predicate", intent.Predicate);
            json.WriteString("resource_type", intent.Resource.Type);
            json.WriteString("resource_path", intent.Resource.Path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
