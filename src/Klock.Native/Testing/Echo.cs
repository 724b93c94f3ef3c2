using System.Buffers;
using System.Text.Json;

namespace Klock.Native.Testing;

/// <summary>Reads JSON token by token and writes the same tokens: the cost of any call without its work.</summary>
internal static class Echo
{
    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    /// <summary>Writes what was read.</summary>
    public static void Write(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> answer)
    {
        Utf8JsonWriter writer = t_writer ??= new Utf8JsonWriter(answer);
        writer.Reset(answer);
        var json = new Utf8JsonReader(utf8);
        while (json.Read())
        {
            WriteToken(ref json, writer);
        }

        writer.Flush();
    }

    private static void WriteToken(ref Utf8JsonReader json, Utf8JsonWriter writer)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(json.ValueSpan);
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(json.ValueSpan);
                break;
            default:
                writer.WriteRawValue(json.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
