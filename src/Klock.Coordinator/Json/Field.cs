using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Json;

/// <summary>A field of requests: its name, what it may hold, and the error for anything else.</summary>
internal abstract class Field(string name)
{
    private readonly byte[] _utf8Name = Encoding.UTF8.GetBytes(name);
    private readonly ulong _nameStart = EightOf(Encoding.UTF8.GetBytes(name), 0);
    private readonly ulong _nameEnd = EightOf(Encoding.UTF8.GetBytes(name), name.Length - sizeof(ulong));

    public string Name { get; } = name;

    /// <summary>The name as it stands in a request.</summary>
    public ReadOnlySpan<byte> Utf8Name => _utf8Name;

    /// <summary>Whether this is its name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNamed(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < sizeof(ulong))
        {
            return utf8.SequenceEqual(_utf8Name);
        }

        // No name is longer than two times eight bytes (FieldNames.Fill).
        return utf8.Length == _utf8Name.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(utf8) == _nameStart
            && BinaryPrimitives.ReadUInt64LittleEndian(utf8[^sizeof(ulong)..]) == _nameEnd;
    }

    /// <summary>Its index in <see cref="Fields.All"/>.</summary>
    public int Index { get; set; }

    /// <summary>What it may hold.</summary>
    public abstract FieldShape Shape { get; }

    /// <summary>What is allowed, as the end of a sentence.</summary>
    protected abstract string Allowed { get; }

    public static KlockException Invalid(string sentence) => new(ErrorCode.InvalidRequest, sentence);

    public KlockException Missing() => Invalid($"{Name} is missing: it must be {Allowed}.");

    /// <summary>The value of this field, which a request must have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected FieldValue Need(in RequestFields request)
    {
        FieldValue value = request[this];
        return value.Kind == JsonTokenType.None ? throw Missing() : value;
    }

    protected KlockException WrongType(JsonTokenType found) => Invalid($"{Name} is {Describe(found)}: it must be {Allowed}.");

    private static ulong EightOf(byte[] utf8, int at) =>
        utf8.Length < sizeof(ulong) ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(utf8.AsSpan(at));

    private static string Describe(JsonTokenType found) => found switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        _ => "an object",
    };
}
