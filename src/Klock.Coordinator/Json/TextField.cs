using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Json;

/// <summary>A field that holds text, and its limits in bytes of UTF-8. A name is a text that many requests repeat: interned.</summary>
internal class TextField(string name, int minBytes, int maxBytes, bool isName = false) : Field(name)
{
    // The most bytes that one byte of text takes when JSON escapes it: \u0041.
    private const int EscapedBytesPerByte = 6;

    public override FieldShape Shape => new(Name, FieldType.Text, (ulong)minBytes, (ulong)maxBytes, [], Allowed);

    protected override string Allowed =>
        minBytes == 0 ? $"a string of at most {maxBytes} bytes" : $"a string of {minBytes} to {maxBytes} bytes";

    /// <summary>Reads a request's value.</summary>
    public string Read(in RequestFields request) =>
        request.TryGetPlain(this, out ReadOnlySpan<byte> utf8) && utf8.Length >= minBytes && utf8.Length <= maxBytes
            ? ToText(utf8, request)
            : ReadOther(request);

    /// <summary>Reads a request's value; null where it has none, or JSON null.</summary>
    public string? ReadOptional(in RequestFields request) => request.Has(this) ? Read(request) : null;

    private string ToText(ReadOnlySpan<byte> utf8, in RequestFields request) =>
        isName ? request.Interning.NameOf(utf8) : Encoding.UTF8.GetString(utf8);

    // For values with escapes, and for wrong ones.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private string ReadOther(in RequestFields request)
    {
        FieldValue value = Need(request);
        if (value.Kind != JsonTokenType.String)
        {
            throw WrongType(value.Kind);
        }

        int bytes = value.Raw.Length;
        if (bytes > (long)maxBytes * EscapedBytesPerByte)
        {
            throw TooLong(bytes);
        }

        string? unescaped = value.IsEscaped ? Unescape(value) : null;
        bytes = unescaped is null ? bytes : Encoding.UTF8.GetByteCount(unescaped);
        return bytes > maxBytes ? throw TooLong(bytes)
            : bytes < minBytes ? throw Invalid($"{Name} is empty: it must be {Allowed}.")
            : unescaped ?? ToText(value.Raw, request);
    }

    private string Unescape(FieldValue value)
    {
        try
        {
            return value.Read().GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"{Name} has half a surrogate pair, which is not text: it must be {Allowed} of UTF-8.");
        }
    }

    private KlockException TooLong(int bytes) => Invalid($"{Name} has {bytes} bytes: it must be {Allowed}.");
}
