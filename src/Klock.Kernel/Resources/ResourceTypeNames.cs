using System.Text;

namespace Klock.Kernel.Resources;

/// <summary>The names of resource types on the wire: written in capitals, read in any case.</summary>
public static class ResourceTypeNames
{
    /// <summary>How many types there are.</summary>
    public const int Count = 6;

    /// <summary>All names, as an error message lists them.</summary>
    public const string Allowed = "FILE, SYMBOL, API_ENDPOINT, DATABASE_TABLE, CONFIG_KEY or CUSTOM";

    private static readonly string[] Names = ["FILE", "SYMBOL", "API_ENDPOINT", "DATABASE_TABLE", "CONFIG_KEY", "CUSTOM"];
    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The name in capitals.</summary>
    public static string ToName(this ResourceType type) => Names[(int)type];

    /// <summary>The name in capitals, in UTF-8.</summary>
    public static ReadOnlySpan<byte> ToUtf8Name(this ResourceType type) => Utf8Names[(int)type];

    /// <summary>Splits <c>TYPE:path</c> at its first colon; false when it does not start with a type.</summary>
    public static bool TrySplit(string text, out ResourceType type, out string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = Math.Max(text.IndexOf(':', StringComparison.Ordinal), 0);
        bool isSplit = TryParse(text.AsSpan(0, colon), out type);
        path = isSplit ? text[(colon + 1)..] : "";
        return isSplit;
    }

    /// <summary>Reads a name in any case. An unknown one is refused, never replaced by a default.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ResourceType type)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (text.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                type = (ResourceType)i;
                return true;
            }
        }

        type = default;
        return false;
    }
}
