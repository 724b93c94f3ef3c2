using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>
/// Reads requests of the usual form: one flat object of plain strings, integers of no more than 18 digits, true, false and null. Nearly
/// all requests are like that.
/// </summary>
/// <remarks>
/// It never refuses a request. At the first byte that it does not handle it stops, and <see cref="RequestReader"/>, which takes several
/// times as long, reads the request from its start. What both can read they read alike (tested).
/// </remarks>
internal static class PlainReader
{
    // Every integer of so many digits fits into 64 bits.
    private const int MostDigits = 18;

    /// <summary>Reads a request; false when it has another form, and then what is in <paramref name="places"/> is undefined.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, ref FieldPlaces places)
    {
        int at = SkipSpace(utf8, 0);
        if (!Is('{', utf8, at))
        {
            return false;
        }

        at = SkipSpace(utf8, at + 1);
        int end = Is('}', utf8, at) ? at : EndOfFields(utf8, at, ref places);
        return end > 0 && SkipSpace(utf8, end + 1) == utf8.Length;
    }

    // The index of the closing brace; 0 when something is not plain.
    private static int EndOfFields(ReadOnlySpan<byte> utf8, int at, ref FieldPlaces places)
    {
        while (Is('"', utf8, at))
        {
            int nameAt = at + 1;
            int nameEnd = EndOfString(utf8, nameAt);
            at = SkipSpace(utf8, nameEnd);
            if (nameEnd == 0 || !Is(':', utf8, at))
            {
                return 0;
            }

            int valueAt = SkipSpace(utf8, at + 1);
            JsonTokenType kind = JsonTokenType.String;
            int valueEnd = Is('"', utf8, valueAt) ? EndOfString(utf8, valueAt + 1) : EndOfOther(utf8, valueAt, out kind);
            if (valueEnd == 0)
            {
                return 0;
            }

            if (FieldNames.Find(utf8[nameAt..(nameEnd - 1)]) is { } field)
            {
                places[field.Index] = new FieldPlace(kind, valueAt, valueEnd - valueAt);
            }

            at = SkipSpace(utf8, valueEnd);
            if (!Is(',', utf8, at))
            {
                return Is('}', utf8, at) ? at : 0;
            }

            at = SkipSpace(utf8, at + 1);
        }

        return 0;
    }

    private static int EndOfOther(ReadOnlySpan<byte> utf8, int at, out JsonTokenType kind)
    {
        byte first = at < utf8.Length ? utf8[at] : (byte)0;
        switch (first)
        {
            case >= (byte)'0' and <= (byte)'9':
                kind = JsonTokenType.Number;
                return EndOfInteger(utf8, at);
            case (byte)'t':
                kind = JsonTokenType.True;
                return EndOfWord(utf8, at, "true"u8);
            case (byte)'f':
                kind = JsonTokenType.False;
                return EndOfWord(utf8, at, "false"u8);
            default:
                kind = JsonTokenType.Null;
                return EndOfWord(utf8, at, "null"u8);
        }
    }

    // The index after the closing quote; 0 when there is none, or something before it is not plain.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfString(ReadOnlySpan<byte> utf8, int at)
    {
        int end = at + PlainText.LengthOf(utf8[at..]);
        return Is('"', utf8, end) ? end + 1 : 0;
    }

    private static int EndOfInteger(ReadOnlySpan<byte> utf8, int at)
    {
        int end = at + 1;
        while (end < utf8.Length && char.IsAsciiDigit((char)utf8[end]))
        {
            end++;
        }

        bool isPlain = end - at <= MostDigits && (utf8[at] != '0' || end == at + 1);
        return isPlain ? end : 0;
    }

    private static int EndOfWord(ReadOnlySpan<byte> utf8, int at, ReadOnlySpan<byte> word) =>
        utf8[at..].StartsWith(word) ? at + word.Length : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Is(char expected, ReadOnlySpan<byte> utf8, int at) => (uint)at < (uint)utf8.Length && utf8[at] == expected;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipSpace(ReadOnlySpan<byte> utf8, int at)
    {
        while ((uint)at < (uint)utf8.Length && utf8[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }
}
