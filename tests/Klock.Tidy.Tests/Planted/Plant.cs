using Klock.Tidy.Tests.Checks;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Short ways to plant an offence and to read what a check says of it.</summary>
internal static class Plant
{
    public static TextFile[] Tree(params (string Path, string Text)[] files) =>
        [.. files.Select(file => new TextFile(file.Path, file.Text))];

    /// <summary>The places found, as PATH:LINE, or PATH for a whole file.</summary>
    public static string[] Places(this IEnumerable<Offence> offences) =>
        [.. offences.Select(offence => offence.Line == 0 ? offence.Path : $"{offence.Path}:{offence.Line}")];

    /// <summary>The same line, many times over.</summary>
    public static string Repeat(string line, int times) => string.Concat(Enumerable.Repeat(line + "\n", times));
}
