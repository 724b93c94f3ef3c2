using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Klock.Coordinator.Json;

/// <summary>Text that JSON writes unchanged: printable ASCII without quote and backslash. Nearly all text is like that.</summary>
internal static class PlainText
{
    // How many bytes, and how many characters, are compared at once.
    private const int Step = 16;
    private const int CharStep = 8;

    /// <summary>How many bytes from the start are plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOf(ReadOnlySpan<byte> utf8)
    {
        // Most texts end within the first step, so that step is inlined into the caller.
        uint others = utf8.Length < Step ? 0 : OthersIn(utf8);
        return others != 0 ? BitOperations.TrailingZeroCount(others) : LengthOfLong(utf8);
    }

    /// <summary>Copies text as UTF-8 if all of it is plain; if not, the contents of <paramref name="utf8"/> are undefined.</summary>
    /// <param name="text">The text.</param>
    /// <param name="utf8">Has room for a byte each.</param>
    public static bool TryCopy(ReadOnlySpan<char> text, Span<byte> utf8)
    {
        if (text.Length < CharStep)
        {
            return TryCopyShort(text, utf8);
        }

        Vector128<short> others = CopyStep(text[^CharStep..], utf8[(text.Length - CharStep)..]);
        for (int at = 0; at < text.Length - CharStep; at += CharStep)
        {
            others |= CopyStep(text[at..], utf8[at..]);
        }

        return others == Vector128<short>.Zero;
    }

    private static bool TryCopyShort(ReadOnlySpan<char> text, Span<byte> utf8)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or > '~' or '"' or '\\')
            {
                return false;
            }

            utf8[i] = (byte)text[i];
        }

        return true;
    }

    // All bits of every character that is not plain. As signed numbers, those from 0x8000 up are less than a blank too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> CopyStep(ReadOnlySpan<char> text, Span<byte> utf8)
    {
        Vector128<short> chars = Vector128.Create(MemoryMarshal.Cast<char, short>(text));
        BinaryPrimitives.WriteUInt64LittleEndian(utf8, Vector128.Narrow(chars, chars).AsUInt64().ToScalar());
        return Vector128.LessThan(chars, Vector128.Create((short)' '))
            | Vector128.GreaterThan(chars, Vector128.Create((short)'~'))
            | Vector128.Equals(chars, Vector128.Create((short)'"'))
            | Vector128.Equals(chars, Vector128.Create((short)'\\'));
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
