namespace Klock.Kernel.Tests.Model;

/// <summary>SPEC KLIS-2 as it is written: the compatible pairs are named, all others conflict.</summary>
internal static class ModelPredicates
{
    private static readonly HashSet<string> _readers = ["CONSUMES", "DEPENDS_ON"];

    public static bool Conflict(string a, string b) => !(BothRead(a, b) || ProvidesBeside(a, b) || ProvidesBeside(b, a));

    private static bool BothRead(string a, string b) => _readers.Contains(a) && _readers.Contains(b);

    private static bool ProvidesBeside(string a, string b) => a == "PROVIDES" && _readers.Contains(b);
}
