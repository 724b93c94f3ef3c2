using System.Buffers;
using System.Text;
using System.Text.Json;
using Klock.Agents.Content;

namespace Klock.Agents.Clients;

/// <summary>
/// A call of a tool of <c>klock mcp</c>, known by its tool and input: the client's hook sees who calls, the MCP server what is called.
/// </summary>
internal static class McpCall
{
    /// <summary>The tools.</summary>
    public static IReadOnlyList<string> Tools { get; } = ["klock_status", "klock_claim", "klock_release", "klock_why", "klock_note"];

    /// <summary>A hash of which tool and of its input, the same for both; null for any other tool.</summary>
    /// <param name="tool">The tool, as the client calls it: its own name, with the server's before it.</param>
    /// <param name="input">Its input.</param>
    public static string? Digest(string tool, JsonElement input)
    {
        string? own = Tools.FirstOrDefault(each => tool.EndsWith(each, StringComparison.Ordinal));
        if (own is null)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            WriteSorted(json, input);
        }

        return ContentHash.OfText(own + Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    // Some clients put the fields into another order, or leave an empty object out.
    private static void WriteSorted(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty field in value.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(field.Name);
                    WriteSorted(json, field.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement element in value.EnumerateArray())
                {
                    WriteSorted(json, element);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.Undefined:
                json.WriteStartObject();
                json.WriteEndObject();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
