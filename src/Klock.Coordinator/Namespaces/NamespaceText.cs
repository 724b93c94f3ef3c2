using System.Text;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Namespaces;

/// <summary>What may be the name of a namespace, wherever one is given.</summary>
public static class NamespaceText
{
    /// <summary>What is allowed, as the end of a sentence.</summary>
    public static string Allowed => $"a string of 1 to {Limits.NamespaceBytes} bytes without control characters";

    /// <summary>What is wrong with a name, as the rest of a sentence that starts with who said it; null when nothing is.</summary>
    public static string? Problem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int bytes = Encoding.UTF8.GetByteCount(name);
        return bytes == 0 ? "is empty"
            : bytes > Limits.NamespaceBytes ? $"has {bytes} bytes"
            : HasControlCharacter(name) ? "contains a control character"
            : null;
    }

    private static bool HasControlCharacter(ReadOnlySpan<char> name) =>
        name.ContainsAnyInRange('\0', '\u001F') || name.ContainsAnyInRange('\u007F', '\u009F');
}
