using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build.Testing;

/// <summary>Which suites there are: every xunit project under tests/, and those in other languages.</summary>
internal static class Suites
{
    /// <summary>All suites, C# ones first, in the order of their names.</summary>
    public static IReadOnlyList<Suite> Find() => [.. DotnetSuites(), .. OtherSuites()];

    private static IEnumerable<Suite> DotnetSuites() =>
        Directory.EnumerateFiles(Repo.At("tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("\"xunit.v3\"", StringComparison.Ordinal))
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Order(StringComparer.Ordinal)
            .Select(name => new Suite(name, report => new Child(Executable(name), "-noColor", "-noLogo", "-noAutoReporters", "-jUnit", report)));

    private static IEnumerable<Suite> OtherSuites() =>
    [
        new Suite("python", report => Script("--junit", report, "tests", "python", "run.py"), "python3-pytest"),
        new Suite("c", report => Script("--junit", report, "tests", "c", "run.py")),
        new Suite("demo", report => new Child(Tools.Python, "-m", "pytest", Repo.At("tests", "demo"), "--junitxml", report), "python3-pytest"),
    ];

    private static Child Script(string option, string report, params string[] path) => new(Tools.Python, Repo.At(path), option, report);

    private static string Executable(string project) =>
        Repo.At("artifacts", "bin", project, "release", OperatingSystem.IsWindows() ? project + ".exe" : project);
}
