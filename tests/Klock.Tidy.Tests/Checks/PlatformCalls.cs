using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>
/// A function of the system that is imported says where there is one: then the compiler refuses a call that is not behind a check (CA1416).
/// SQLite is on all systems.
/// </summary>
internal static class PlatformCalls
{
    private static readonly Regex _import = Make("""^ *\[LibraryImport\("(?!e_sqlite3")""");
    private static readonly Regex _says = Make(@"^\s*\[(Supported|Unsupported)OSPlatform\(");

    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files) =>
        from file in files
        where file.IsUnder("src") && file.Language == Language.CSharp
        let lines = file.Lines.ToArray()
        // Of a whole class it stands before the class, without an indent.
        where !lines.Any(line => line.StartsWith("[SupportedOSPlatform(", StringComparison.Ordinal))
        from line in lines.Index()
        where _import.IsMatch(line.Item) && (line.Index == 0 || !_says.IsMatch(lines[line.Index - 1]))
        select new Offence(file.Path, line.Index + 1, "does not say on which systems it is: [SupportedOSPlatform] in the line above");

    private static Regex Make(string pattern) => new(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
