using Klock.Kernel.Resources;
namespace Klock.Client.Files;

/// <summary>A symbol in a file as people write it, <c>file#name</c>, for facades and the command line.</summary>
internal static class SymbolText
{
    /// <summary>Splits a symbol's file from its name; null when it names no file, and is a flat name or will be refused.</summary>
    /// <remarks>
    /// At the first '#' after the last '/' (KLIS-6). Where there is none ("a.erl#f/1"), at the first '#' with an existing file before it:
    /// the name then has a '/' in it. A folder "d#1" is not taken for a file, and such a request is refused.
    /// </remarks>
    /// <param name="text">What was written.</param>
    /// <param name="cwd">The directory that a relative path starts from.</param>
    /// <returns>The file as it was written, and the name as a request has it.</returns>
    internal static (string File, string Name)? Split(string text, string cwd)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(cwd);
        int hash = SymbolMark.Find(text);
        for (int at = text.IndexOf('#'); hash < 0 && at >= 0; at = text.IndexOf('#', at + 1))
        {
            hash = File.Exists(Path.Combine(cwd, text[..at])) ? at : -1;
        }

        return hash > 0 ? (text[..hash], Encode(text[(hash + 1)..])) : null;
    }

    /// <summary>A symbol's name as a request has it: '/' is written as %2F there, since it separates names.</summary>
    internal static string Encode(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Replace("/", "%2F", StringComparison.Ordinal);
    }
}
