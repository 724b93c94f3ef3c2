using System.Buffers;
using System.Text.Json;

namespace Klock.Agents.Leases;

/// <summary>Writes requests to a coordinator.</summary>
internal static class RequestJson
{
    /// <summary>A JSON object; a field without a value is left out.</summary>
    public static ReadOnlyMemory<byte> Of(params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach ((string name, object? value) in fields)
        {
            Write(json, name, value);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
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
            case IReadOnlyList<WantedResource> intents:
                WriteIntents(json, name, intents);
                break;
            default:
                throw new ArgumentException($"no way to write a {value.GetType().Name}", nameof(value));
        }
    }

    private static void WriteIntents(Utf8JsonWriter json, string name, IReadOnlyList<WantedResource> intents)
    {
        json.WriteStartArray(name);
        foreach (WantedResource intent in intents)
        {
            json.WriteStartObject();
            json.WriteString("predicate", intent.Predicate);
            json.WriteString("resource_type", intent.Type);
            json.WriteString("resource_path", intent.Path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
