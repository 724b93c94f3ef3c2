using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>What is shipped is finished: no marks of work to do, no methods that are not there yet.</summary>
internal static class UnfinishedCode
{
    private static readonly Regex _mark = new(@"\b(TODO|FIXME|XXX|HACK|NotImplementedException|NotImplementedError)\b",
        RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files) =>
        from file in files
        where file.IsUnder("src") || file.IsUnder("bindings")
        from line in file.Lines.Index()
        let match = _mark.Match(line.Item)
        where match.Success
        select new Offence(file.Path, line.Index + 1, $"says {match.Value}");
}
