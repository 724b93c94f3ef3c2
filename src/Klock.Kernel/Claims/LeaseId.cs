using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Klock.Kernel.Claims;

/// <summary>A lease's name and the right to release it: 128 random bits, written as 32 lowercase hexadecimal digits.</summary>
public readonly record struct LeaseId
{
    /// <summary>How many characters its text has.</summary>
    public const int TextLength = 32;

    // Not one field of 128 bits, which would have to be aligned to 16 bytes in whatever contains an id.
    private readonly ulong _upper;
    private readonly ulong _lower;

    /// <summary>Makes an id of its bits.</summary>
    public LeaseId(UInt128 value)
        : this((ulong)(value >> 64), (ulong)value)
    {
    }

    private LeaseId(ulong upper, ulong lower)
    {
        _upper = upper;
        _lower = lower;
    }

    /// <summary>The bits.</summary>
    public UInt128 Value => new(_upper, _lower);

    /// <summary>Makes an id of 16 random bytes.</summary>
    public static LeaseId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes));

    /// <summary>Reads 32 hexadecimal digits, in any case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, out LeaseId id)
    {
        id = default;
        if (utf8Text.Length != TextLength)
        {
            return false;
        }

        bool areDigits = TryReadDigits(Vector128.Create(utf8Text), out Vector128<ushort> first)
            & TryReadDigits(Vector128.Create(utf8Text[16..]), out Vector128<ushort> last);
        Vector128<ulong> bytes = Vector128.Narrow(first, last).AsUInt64();
        id = areDigits ? new LeaseId(BigEndian(bytes[0]), BigEndian(bytes[1])) : default;
        return areDigits;
    }

    /// <summary>Writes 32 lowercase hexadecimal digits; the span must have room for them.</summary>
    public void Format(Span<byte> utf8Text)
    {
        Vector128<byte> bytes = Vector128.Create(BigEndian(_upper), BigEndian(_lower)).AsByte();
        ToDigits(Vector128.WidenLower(bytes)).CopyTo(utf8Text);
        ToDigits(Vector128.WidenUpper(bytes)).CopyTo(utf8Text[16..]);
    }

    // The framework's own conversions are quick only with instructions that not every processor has, and every grant and release converts.
    // Sixteen digits fill a register, a byte each.
    private static bool TryReadDigits(Vector128<byte> text, out Vector128<ushort> bytes)
    {
        Vector128<byte> decimals = text - Vector128.Create((byte)'0');
        Vector128<byte> letters = (text | Vector128.Create((byte)0x20)) - Vector128.Create((byte)'a');
        Vector128<byte> areDecimals = Vector128.Equals(Vector128.Min(decimals, Vector128.Create((byte)9)), decimals);
        Vector128<byte> areLetters = Vector128.Equals(Vector128.Min(letters, Vector128.Create((byte)5)), letters);
        Vector128<byte> digits = (decimals & areDecimals) | ((letters + Vector128.Create((byte)10)) & areLetters);

        // Two digits make a byte: the first, which is the lower half of a pair in memory, its upper four bits.
        Vector128<ushort> pairs = digits.AsUInt16();
        bytes = (pairs << 4 | pairs >> 8) & Vector128.Create((ushort)0xFF);
        return (areDecimals | areLetters) == Vector128<byte>.AllBitsSet;
    }

    // Of eight bytes, each in two bytes' room, the sixteen digits.
    private static Vector128<byte> ToDigits(Vector128<ushort> bytes)
    {
        Vector128<byte> digits = ((bytes >> 4) | (bytes << 8 & Vector128.Create((ushort)0x0F00))).AsByte();
        Vector128<byte> areLetters = Vector128.GreaterThan(digits.AsSByte(), Vector128.Create((sbyte)9)).AsByte();
        return digits + Vector128.Create((byte)'0') + (areLetters & Vector128.Create((byte)('a' - 10 - '0')));
    }

    private static ulong BigEndian(ulong littleEndian) => BinaryPrimitives.ReverseEndianness(littleEndian);

    /// <inheritdoc />
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public override int GetHashCode() => (int)_lower;
}
