using System.Text;
using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>A field that holds text, and its limits in bytes of UTF-8. A name is a text that comes again and again.</summary>
internal sealed class TextField(string name, int minBytes, int maxBytes, bool isName = false) : Field(name)
{
    // The longest a byte of text can grow when JSON escapes it: \u0041.
    private const int EscapedBytesPerByte = 6;

    public override FieldShape Shape => new(Name, FieldType.Text, (ulong)minBytes, (ulong)maxBytes, [], Allowed);

    protected override string Allowed =>
        minBytes == 0 ? $"a string of at most {maxBytes} bytes" : $"a string of {minBytes} to {maxBytes} bytes";

    /// <summary>Reads the value the reader stands on.</summary>
    public string Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            throw WrongType(json.TokenType);
        }

        int rawBytes = json.ValueSpan.Length;
        if (rawBytes > (long)maxBytes * EscapedBytesPerByte)
        {
            throw TooLong(rawBytes);
        }

        string text = Unescape(ref json);
        int bytes = json.ValueIsEscaped ? Encoding.UTF8.GetByteCount(text) : rawBytes;
        return bytes > maxBytes ? throw TooLong(bytes)
            : bytes < minBytes ? throw Invalid($"{Name} is empty: it must be {Allowed}.")
            : text;
    }

    /// <summary>Reads the value the reader stands on; null where JSON says null.</summary>
    public string? ReadOptional(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? null : Read(ref json);

    private string Unescape(ref Utf8JsonReader json)
    {
        try
        {
            return isName && !json.ValueIsEscaped ? TextCache.Get(json.ValueSpan) : json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"{Name} has half a surrogate pair, which is not text: it must be {Allowed} of UTF-8.");
        }
    }

    private KlockException TooLong(int bytes) => Invalid($"{Name} has {bytes} bytes: it must be {Allowed}.");
}
