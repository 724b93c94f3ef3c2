using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

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
        Span<byte> bytes = stackalloc byte[TextLength / 2];
        bool isId = utf8Text.Length == TextLength && Convert.FromHexString(utf8Text, bytes, out _, out _) == OperationStatus.Done;
        id = isId ? new LeaseId(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return isId;
    }

    /// <summary>Writes 32 lowercase hexadecimal digits; the span must have room for them.</summary>
    public void Format(Span<byte> utf8Text)
    {
        WriteHalf((ulong)(Value >> 64), utf8Text);
        WriteHalf((ulong)Value, utf8Text[(TextLength / 2)..]);
    }

    private static void WriteHalf(ulong bits, Span<byte> utf8Text)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        for (int i = (TextLength / 2) - 1; i >= 0; i--, bits >>= 4)
        {
            utf8Text[i] = digits[(int)(bits & 15)];
        }
    }

    /// <inheritdoc />
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public override int GetHashCode() => (int)(ulong)Value;
}
