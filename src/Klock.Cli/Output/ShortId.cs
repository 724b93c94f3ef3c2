namespace Klock.Cli.Output;

/// <summary>The beginnings of lease ids, for people.</summary>
internal static class ShortId
{
    /// <summary>The digits of a whole id.</summary>
    public const int WholeDigits = 32;

    /// <summary>The fewest digits that are accepted as a beginning.</summary>
    public const int LeastDigits = 4;

    private const int ShownDigits = 8;

    /// <summary>How many digits distinguish these ids, and most likely also those to come.</summary>
    public static int DigitsFor(IEnumerable<string> ids)
    {
        string[] sorted = [.. ids.Distinct().Order(StringComparer.Ordinal)];
        int common = sorted.Zip(sorted.Skip(1), Common).DefaultIfEmpty(0).Max();
        return Math.Max(ShownDigits, common + 1);
    }

    /// <summary>Whether a word may be the beginning of an id.</summary>
    public static bool MayBe(string word) =>
        word.Length is >= LeastDigits and <= WholeDigits && word.All(char.IsAsciiHexDigitLower);

    private static int Common(string one, string other) => one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
}
