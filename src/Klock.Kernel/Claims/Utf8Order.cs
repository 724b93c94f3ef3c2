namespace Klock.Kernel.Claims;

/// <summary>The order of strings by their UTF-8 bytes, computed on UTF-16 without converting.</summary>
/// <remarks>
/// The two orders differ only where a surrogate meets a character from U+E000 to U+FFFF: code points above U+FFFF sort last in
/// UTF-8 but their surrogates (D800 to DFFF) sort before U+E000 in UTF-16. The fix-up follows "UTF-16 in code point order",
/// Unicode Standard, section 5.17.
/// </remarks>
internal static class Utf8Order
{
    public static int Compare(string a, string b)
    {
        int same = a.AsSpan().CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        return CodePointRank(a[same]).CompareTo(CodePointRank(b[same]));
    }

    private static int CodePointRank(char c) => char.IsSurrogate(c) ? c + char.MaxValue : c;
}
