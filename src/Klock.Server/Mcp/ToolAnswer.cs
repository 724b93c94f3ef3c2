using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Klock.Server.Mcp;

/// <summary>Answers of tools: a sentence that a model can act on, and the same as data.</summary>
internal static class ToolAnswer
{
    // Read by models, never put into a page: an apostrophe stays one.
    private static readonly JsonWriterOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An answer.</summary>
    /// <param name="message">The sentence, which is also in the data.</param>
    /// <param name="write">Writes the rest of the data.</param>
    public static CallToolResult Of(string message, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, _plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }

        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = message }], StructuredContent = JsonDocument.Parse(buffer.ToArray()).RootElement,
        };
    }

    /// <summary>Something was wrong with the call, or Klock failed.</summary>
    public static CallToolResult Error(string sentence) =>
        new() { Content = [new TextContentBlock { Text = sentence }], IsError = true };

    /// <summary>A list of names.</summary>
    public static void WriteNames(this Utf8JsonWriter json, string name, IEnumerable<string> names)
    {
        json.WriteStartArray(name);
        foreach (string each in names)
        {
            json.WriteStringValue(each);
        }

        json.WriteEndArray();
    }

    /// <summary>Who has, or waits for, which file.</summary>
    public static void WriteEntry(
        this Utf8JsonWriter json, string agent, string file, string? intent, bool isHeld, long? sinceMs, string? note)
    {
        json.WriteStartObject();
        json.WriteString("agent"u8, agent);
        json.WriteString("file"u8, file);
        json.WriteString("state"u8, isHeld ? "held"u8 : "waiting"u8);
        if (intent is not null)
        {
            json.WriteString("intent"u8, intent);
        }

        if (sinceMs is { } since)
        {
            json.WriteString("since"u8, DateTimeOffset.FromUnixTimeMilliseconds(since).UtcDateTime);
        }

        if (!string.IsNullOrEmpty(note))
        {
            json.WriteString("note"u8, note);
        }

        json.WriteEndObject();
    }
}
