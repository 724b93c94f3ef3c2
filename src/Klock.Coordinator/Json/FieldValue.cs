using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>A field's value as it is written in a request.</summary>
/// <param name="token">The value, quotes and brackets included; known to be JSON and UTF-8.</param>
/// <param name="kind">What it is; <see cref="JsonTokenType.None"/> when the request does not have the field.</param>
/// <param name="isEscaped">Whether it is a string with a backslash in it.</param>
internal readonly ref struct FieldValue(ReadOnlySpan<byte> token, JsonTokenType kind, bool isEscaped)
{
    public ReadOnlySpan<byte> Token { get; } = token;

    public JsonTokenType Kind { get; } = kind;

    public bool IsEscaped { get; } = isEscaped;

    /// <summary>Whether it is missing or null.</summary>
    public bool IsNothing => Kind is JsonTokenType.None or JsonTokenType.Null;

    /// <summary>The bytes between a string's quotes.</summary>
    public ReadOnlySpan<byte> Raw => Token[1..^1];

    /// <summary>A reader with this value as its current token.</summary>
    public Utf8JsonReader Read()
    {
        var json = new Utf8JsonReader(Token, RequestReader.Options);
        json.Read();
        return json;
    }
}
