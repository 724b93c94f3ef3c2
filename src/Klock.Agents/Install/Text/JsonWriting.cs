using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Klock.Agents.Install.Text;

/// <summary>Values as text, laid out as the file around them is.</summary>
internal static class JsonWriting
{
    /// <summary>A value in several lines, the first of which is not indented.</summary>
    /// <param name="value">The value.</param>
    /// <param name="layout">The file.</param>
    /// <param name="indent">The blanks before its further lines.</param>
    public static string Lines(JsonElement value, JsonLayout layout, string indent)
    {
        string text = Write(value, new JsonWriterOptions { Indented = true, IndentSize = 1, IndentCharacter = '\t', NewLine = "\n" });
        StringBuilder lines = new();
        foreach (string line in text.Split('\n'))
        {
            // No string has a line end or a tab of its own in it: both are escaped.
            string content = line.TrimStart('\t');
            lines.Append(lines.Length == 0 ? "" : layout.NewLine + indent)
                .Insert(lines.Length, layout.Unit, line.Length - content.Length).Append(content);
        }

        return lines.ToString();
    }

    /// <summary>A value in one line, without blanks.</summary>
    public static string Line(JsonElement value) => Write(value, default);

    /// <summary>A string with its quotes.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Write(JsonElement value, JsonWriterOptions options)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, options with { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
