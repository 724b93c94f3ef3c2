using System.Text;

namespace Klock.Kernel.Predicates;

/// <summary>The names of predicates on the wire: written in capitals, read in any case.</summary>
public static class PredicateNames
{
    /// <summary>All names, in index order, as an error message lists them.</summary>
    public const string Allowed = "PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES";

    private static readonly string[] Names = ["PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES"];
    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The name in capitals.</summary>
    public static string ToName(this Predicate predicate) => Names[(int)predicate];

    /// <summary>The name in capitals, in UTF-8.</summary>
    public static ReadOnlySpan<byte> ToUtf8Name(this Predicate predicate) => Utf8Names[(int)predicate];

    /// <summary>Reads a name in any case. An unknown one is refused, never replaced by a default.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Predicate predicate)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (text.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                predicate = (Predicate)i;
                return true;
            }
        }

        predicate = default;
        return false;
    }
}
