using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>A field that holds one of a few names, in any case. Another name is an error, never a default.</summary>
internal sealed class NameField<T>(string name, string allowed, NameField<T>.TryParse tryParse) : Field(name)
{
    // Sixteen letters, more than any name has, when JSON escapes each: \u0041.
    private const int LongestNameBytes = 16 * 6;

    public delegate bool TryParse(ReadOnlySpan<char> text, out T value);

    public override FieldShape Shape =>
        new(Name, FieldType.Name, 0, 0, allowed.Split([", ", " or "], StringSplitOptions.RemoveEmptyEntries), Allowed);

    protected override string Allowed => $"{allowed} (in any case)";

    /// <summary>Reads the value the reader stands on.</summary>
    public T Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            throw WrongType(json.TokenType);
        }

        ReadOnlySpan<byte> raw = json.ValueSpan;
        Span<char> text = stackalloc char[LongestNameBytes];
        return raw.Length <= LongestNameBytes && tryParse(text[..Unescape(ref json, text)], out T value)
            ? value
            : throw Invalid($"{Name} is \"{Excerpt.Of(raw)}\": it must be {Allowed}.");
    }

    private static int Unescape(ref Utf8JsonReader json, scoped Span<char> text)
    {
        try
        {
            return json.CopyString(text);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no name has one, so the empty text is as wrong.
            return 0;
        }
    }
}
