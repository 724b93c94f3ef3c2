using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Klock.Coordinator.Json;

/// <summary>Text that is the same in JSON as it is in itself: printable ASCII without quote and backslash. Nearly all text is.</summary>
internal static class PlainText
{
    /// <summary>How many bytes it looks at together; what is not a multiple of it takes longer.</summary>
    public const int Step = 16;

    /// <summary>How many bytes from the start are plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOf(ReadOnlySpan<byte> utf8)
    {
        // Most texts end within the first step, which is worth having where it is called.
        uint others = utf8.Length < Step ? 0 : OthersIn(utf8);
        return others != 0 ? BitOperations.TrailingZeroCount(others) : LengthOfLong(utf8);
    }

    private static int LengthOfLong(ReadOnlySpan<byte> utf8)
    {
        int at = 0;
        for (; at <= utf8.Length - Step; at += Step)
        {
            uint others = OthersIn(utf8[at..]);
            if (others != 0)
            {
                return at + BitOperations.TrailingZeroCount(others);
            }
        }

        while (at < utf8.Length && utf8[at] is >= (byte)' ' and <= (byte)'~' and not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }

        return at;
    }

    // A bit for each of the first bytes that is not plain. As signed numbers, the bytes from 0x80 up are less than a blank too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint OthersIn(ReadOnlySpan<byte> utf8)
    {
        Vector128<byte> bytes = Vector128.Create(utf8);
        Vector128<byte> others = Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
            | Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
            | Vector128.Equals(bytes, Vector128.Create((byte)0x7F));
        return others.ExtractMostSignificantBits();
    }
}
