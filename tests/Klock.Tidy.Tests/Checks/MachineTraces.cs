using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>Nothing in the repository shows on which machine it was written, or which package mirror that machine used.</summary>
internal static class MachineTraces
{
    // Absolute only: "src/home/x" is nobody's home.
    private static readonly Regex _folder = Make(@"(?<![\w.$}*~)])/(root|home|work|Users)/");
    private static readonly Regex _host =
        Make(@"https?://[^/\s]*(registry|mirror|artifactory|nexus|proxy|npmjs|nuget\.org|pypi|pythonhosted|debian\.org)");

    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files) =>
        from file in files
        from line in file.Lines.Index()
        let what = _folder.IsMatch(line.Item) ? "an absolute path of some machine" : _host.IsMatch(line.Item) ? "a package registry" : null
        where what is not null
        select new Offence(file.Path, line.Index + 1, what);

    private static Regex Make(string pattern) => new(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
