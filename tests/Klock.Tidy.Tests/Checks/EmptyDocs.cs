using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>A doc comment says more than a verb: "Reads it." over <c>Read</c> is there for nobody.</summary>
internal static partial class EmptyDocs
{
    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files) =>
        from file in files
        where file.IsUnder("src") && file.Language == Language.CSharp
        from line in file.Lines.Index()
        where VerbAlone().IsMatch(line.Item)
        select new Offence(file.Path, line.Index + 1, $"'{line.Item.Trim()}' says nothing that the name does not");

    [GeneratedRegex(@"/// <summary>\w+s( it| them| one)?\.</summary>", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex VerbAlone();
}
