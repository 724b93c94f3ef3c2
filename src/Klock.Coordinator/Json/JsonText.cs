using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Json;

/// <summary>Writes an answer: compact JSON, token by token. It places the commas; the caller closes what it opens.</summary>
/// <remarks>
/// It does what a <see cref="Utf8JsonWriter"/> does, in less time: names are literals that need no check, and plain text, as nearly all
/// is, is copied. All other text is escaped by the framework's encoder. The two write the same (tested).
/// </remarks>
internal ref struct JsonText
{
    private const int LongestNumber = 20;

    private readonly ArrayBufferWriter<byte> _answer;
    private Span<byte> _buffer;
    private int _used;
    private bool _needsComma;

    /// <summary>Starts writing at the end of the buffer; <see cref="Finish"/> commits what was written.</summary>
    public JsonText(ArrayBufferWriter<byte> answer)
    {
        const int UsualAnswer = 512;
        _answer = answer;
        _buffer = answer.GetSpan(UsualAnswer);
    }

    /// <summary>Commits what was written to the buffer.</summary>
    public void Finish()
    {
        _answer.Advance(_used);
        _used = 0;
        _buffer = default;
    }

    public void WriteStartObject() => Open('{');

    public void WriteStartObject(ReadOnlySpan<byte> name)
    {
        WritePropertyName(name);
        Open('{');
    }

    public void WriteEndObject() => Close('}');

    public void WriteStartArray(ReadOnlySpan<byte> name)
    {
        WritePropertyName(name);
        Open('[');
    }

    public void WriteEndArray() => Close(']');

    /// <summary>Writes a field's name: a literal that needs no escaping.</summary>
    public void WritePropertyName(ReadOnlySpan<byte> name)
    {
        Span<byte> room = Room(name.Length + 4);
        int at = 0;
        if (_needsComma)
        {
            room[at++] = (byte)',';
        }

        room[at++] = (byte)'"';
        name.CopyTo(room[at..]);
        at += name.Length;
        room[at++] = (byte)'"';
        room[at++] = (byte)':';
        _used += at;
        _needsComma = false;
    }

    public void WriteBoolean(ReadOnlySpan<byte> name, bool value)
    {
        WritePropertyName(name);
        WriteRawValue(value ? "true"u8 : "false"u8);
    }

    public void WriteNull(ReadOnlySpan<byte> name)
    {
        WritePropertyName(name);
        WriteRawValue("null"u8);
    }

    public void WriteNumber(ReadOnlySpan<byte> name, long value)
    {
        WritePropertyName(name);
        AddNumber(value);
        _needsComma = true;
    }

    public void WriteNumber(ReadOnlySpan<byte> name, ulong value)
    {
        WritePropertyName(name);
        Utf8Formatter.TryFormat(value, Room(LongestNumber), out int written);
        _used += written;
        _needsComma = true;
    }

    public void WriteId(ReadOnlySpan<byte> name, LeaseId id)
    {
        WritePropertyName(name);
        Add('"');
        AddId(id);
        Close('"');
    }

    /// <summary>Writes a field whose text is a literal that needs no escaping.</summary>
    public void WriteString(ReadOnlySpan<byte> name, ReadOnlySpan<byte> plain)
    {
        WritePropertyName(name);
        Add('"');
        AddLiteral(plain);
        Close('"');
    }

    public void WriteString(ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
        {
            WriteNull(name);
            return;
        }

        WritePropertyName(name);
        WriteStringValue(text);
    }

    /// <summary>Writes the parts as one string.</summary>
    public void WriteString(ReadOnlySpan<byte> name, params ReadOnlySpan<string> parts)
    {
        WritePropertyName(name);
        WriteStringValue(parts);
    }

    public void WriteStringValue(params ReadOnlySpan<string> parts)
    {
        Separate();
        Add('"');
        foreach (string part in parts)
        {
            AddText(part);
        }

        Close('"');
    }

    /// <summary>Adds a piece of JSON as it is: frequent answers are written with names and brackets joined into one literal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddLiteral(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        _used += json.Length;
    }

    /// <summary>Adds an id, without quotes.</summary>
    public void AddId(LeaseId id)
    {
        id.Format(Room(LeaseId.TextLength));
        _used += LeaseId.TextLength;
    }

    /// <summary>Adds a number.</summary>
    public void AddNumber(long value)
    {
        Utf8Formatter.TryFormat(value, Room(LongestNumber), out int written);
        _used += written;
    }

    /// <summary>Adds text to a string, escaped where it must be.</summary>
    public void AddText(string text)
    {
        if (PlainText.TryCopy(text, Room(text.Length)))
        {
            _used += text.Length;
            return;
        }

        ReadOnlySpan<byte> escaped = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        escaped.CopyTo(Room(escaped.Length));
        _used += escaped.Length;
    }

    /// <summary>Writes a value that is JSON already.</summary>
    public void WriteRawValue(ReadOnlySpan<byte> json)
    {
        Separate();
        AddLiteral(json);
        _needsComma = true;
    }

    private void Open(char bracket)
    {
        Separate();
        Add(bracket);
        _needsComma = false;
    }

    private void Close(char end)
    {
        Add(end);
        _needsComma = true;
    }

    private void Separate()
    {
        if (_needsComma)
        {
            Add(',');
        }
    }

    private void Add(char ascii)
    {
        Room(1)[0] = (byte)ascii;
        _used++;
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _used < bytes)
        {
            Grow(bytes);
        }

        return _buffer[_used..];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int bytes)
    {
        _answer.Advance(_used);
        _used = 0;
        _buffer = _answer.GetSpan(bytes);
    }
}
