using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>docs/settings.md has every variable KLOCK_… that what is shipped reads or sets, and no other.</summary>
internal static class VariablesPage
{
    private const string Page = "docs/settings.md";

    // As code names one: in quotes, as a property of the environment, or taken out of it by its name.
    private static readonly Regex _named = Make(@"(?:[""']|process\.env\.|[{,] )(?<name>KLOCK_[A-Z_]+)\b");
    private static readonly Regex _listed = Make(@"`(?<name>KLOCK_[A-Z_]+)`");

    public static IEnumerable<Offence> Find(IReadOnlyList<TextFile> files)
    {
        HashSet<string> inCode = [.. files.Where(IsShipped).SelectMany(file => Names(_named, file.Text))];
        HashSet<string> onPage = [.. Names(_listed, files.Single(file => file.Path == Page).Text)];
        return
        [
            .. inCode.Except(onPage).Select(name => new Offence(Page, 0, $"has no {name}, which the code names")),
            .. onPage.Except(inCode).Select(name => new Offence(Page, 0, $"has {name}, which no code names")),
        ];
    }

    private static bool IsShipped(TextFile file) =>
        (file.IsUnder("src") || file.IsUnder("bindings")) && file.Language is Language.CSharp or Language.Python or Language.JavaScript;

    private static IEnumerable<string> Names(Regex pattern, string text) =>
        pattern.Matches(text).Select(match => match.Groups["name"].Value);

    private static Regex Make(string pattern) => new(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
