using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>The version is set in Directory.Build.props; where another language has to repeat it, it is the same.</summary>
internal static class VersionAgreement
{
    /// <summary>The file that is right.</summary>
    public const string Source = "Directory.Build.props";

    private static readonly (string Path, Regex Version)[] _copies =
    [
        ("bindings/c/include/klock.h", Make("#define KLOCK_VERSION \"(?<version>[^\"]+)\"")),
        ("bindings/c/pkg/klock.pc", Make("^Version: (?<version>.+)$")),
        ("bindings/c/pkg/klock-config-version.cmake", Make("set\\(PACKAGE_VERSION \"(?<version>[^\"]+)\"\\)")),
        ("bindings/python/src/klock/_version.py", Make("^__version__ = \"(?<version>[^\"]+)\"")),
        ("bindings/node/core/package.json", Make("^  \"version\": \"(?<version>[^\"]+)\"")),
        ("bindings/node/linux-arm64/package.json", Make("^  \"version\": \"(?<version>[^\"]+)\"")),
        ("bindings/node/linux-x64/package.json", Make("^  \"version\": \"(?<version>[^\"]+)\"")),
    ];

    private static readonly Regex _source = Make("<Version>(?<version>[^<]+)</Version>");

    public static IEnumerable<Offence> Find(IReadOnlyList<TextFile> files)
    {
        string right = Version(files, Source, _source) ?? "(none)";
        return from copy in _copies
               let found = Version(files, copy.Path, copy.Version)
               where found != right
               select new Offence(copy.Path, 0, $"has version {found ?? "(none)"}, {Source} has {right}");
    }

    private static string? Version(IReadOnlyList<TextFile> files, string path, Regex pattern) =>
        files.FirstOrDefault(file => file.Path == path) is { } file && pattern.Match(file.Text) is { Success: true } match
            ? match.Groups["version"].Value
            : null;

    private static Regex Make(string pattern) =>
        new(pattern, RegexOptions.ExplicitCapture | RegexOptions.Multiline, TimeSpan.FromSeconds(1));
}
