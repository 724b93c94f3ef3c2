using Klock.Tidy.Tests.Code;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>A function fits on one screen. Counted from its first line to its last, blank lines and comments within it included.</summary>
internal static class FunctionLength
{
    /// <summary>The most lines a function may have.</summary>
    public const int Max = 70;

    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files) =>
        from file in files
        from function in FunctionsOf(file)
        where function.Lines > Max
        select new Offence(file.Path, function.First, $"a function of {function.Lines} lines, at most {Max}");

    private static IEnumerable<CodeSpan> FunctionsOf(TextFile file) => file.Language switch
    {
        Language.Python => PythonFunctions.Find(Blanker.Blank(file.Text, file.Language)),
        Language.CSharp or Language.C or Language.JavaScript => BraceFunctions.Find(Blanker.Blank(file.Text, file.Language), file.Language),
        _ => [],
    };
}
