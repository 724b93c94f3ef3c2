using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Klock.Kernel.Leases;

/// <summary>A lease's name and the right to release it: 128 random bits, written as 32 lowercase hexadecimal digits.</summary>
/// <param name="Value">The bits.</param>
public readonly record struct LeaseId(UInt128 Value)
{
    /// <summary>How many characters its text has.</summary>
    public const int TextLength = 32;

    /// <summary>Makes an id of 16 random bytes.</summary>
    public static LeaseId FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128LittleEndian(bytes));

    /// <summary>Reads 32 hexadecimal digits, in any case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, out LeaseId id)
    {
        id = default;
        if (utf8Text.Length != TextLength)
        {
            return false;
        }

        bool areDigits = TryParseEight(utf8Text, out uint first) & TryParseEight(utf8Text[8..], out uint second)
            & TryParseEight(utf8Text[16..], out uint third) & TryParseEight(utf8Text[24..], out uint last);
        id = areDigits ? new LeaseId(new UInt128(((ulong)first << 32) | second, ((ulong)third << 32) | last)) : default;
        return areDigits;
    }

    /// <summary>Writes 32 lowercase hexadecimal digits; the span must have room for them.</summary>
    public void Format(Span<byte> utf8Text)
    {
        BinaryPrimitives.WriteUInt64BigEndian(utf8Text, EightDigits((uint)(Value >> 96)));
        BinaryPrimitives.WriteUInt64BigEndian(utf8Text[8..], EightDigits((uint)(Value >> 64)));
        BinaryPrimitives.WriteUInt64BigEndian(utf8Text[16..], EightDigits((uint)(Value >> 32)));
        BinaryPrimitives.WriteUInt64BigEndian(utf8Text[24..], EightDigits((uint)Value));
    }

    // The framework's own conversions are quick only with instructions that not every processor has, and this is on the way of every
    // grant and release. Eight digits fill a register, a byte each; whatever is no digit does not come out again as it went in.
    private static bool TryParseEight(ReadOnlySpan<byte> utf8Text, out uint bits)
    {
        ulong text = BinaryPrimitives.ReadUInt64BigEndian(utf8Text);
        ulong letters = (text >> 6) & 0x0101_0101_0101_0101;
        ulong digits = ((text & 0x0F0F_0F0F_0F0F_0F0F) + (letters * 9)) & 0x0F0F_0F0F_0F0F_0F0F;
        digits = (digits | (digits >> 4)) & 0x00FF_00FF_00FF_00FF;
        digits = (digits | (digits >> 8)) & 0x0000_FFFF_0000_FFFF;
        bits = (uint)(digits | (digits >> 16));
        const ulong LowerCase = 0x20;
        return EightDigits(bits) == (text | (letters * LowerCase));
    }

    // Every half byte is moved into a byte of its own; from 10 up it becomes a letter.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(uint bits)
    {
        ulong digits = (((ulong)bits << 16) | bits) & 0x0000_FFFF_0000_FFFF;
        digits = ((digits << 8) | digits) & 0x00FF_00FF_00FF_00FF;
        digits = ((digits << 4) | digits) & 0x0F0F_0F0F_0F0F_0F0F;
        ulong letters = ((digits + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
        return digits + 0x3030_3030_3030_3030 + (letters * ('a' - 10 - '0'));
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public override int GetHashCode() => (int)(ulong)Value;
}
