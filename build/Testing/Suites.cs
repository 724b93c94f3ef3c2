using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build.Testing;

/// <summary>Which suites there are: every xunit project under tests/, and those in other languages.</summary>
internal static class Suites
{
    // Output for a log file: no colours, no banner, nothing that depends on which build server it is. A test that hangs is named there.
    private static readonly string[] _plain = ["-noColor", "-noLogo", "-noAutoReporters", "-longRunning", "60"];

    /// <summary>All suites: C# ones in the order of their names, then the others.</summary>
    public static IReadOnlyList<Suite> Find() => [.. DotnetSuites(), .. OtherSuites()];

    private static IEnumerable<Suite> DotnetSuites() =>
        Directory.EnumerateFiles(Repo.At("tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("\"xunit.v3\"", StringComparison.Ordinal))
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .Order(StringComparer.Ordinal)
            .Select(name => new Suite(name, report => new Child(Repo.TestProgram(name), [.. _plain, "-jUnit", report])) { Alone = true });

    private static IEnumerable<Suite> OtherSuites() =>
    [
        // The first run downloads the clients, some 700 MB.
        new Suite("agents", report => new Child("node", Repo.At("tests", "agents", "run.mjs"), "--junit", report))
        {
            Alone = true, Limit = TimeSpan.FromMinutes(20),
        },
        new Suite("python", report => Python(Repo.At("tests", "python", "run.py"), "--junit", report), "python3-pytest", "python3-venv")
        {
            Alone = true,
        },
        new Suite("c", report => Python(Repo.At("tests", "c", "run.py"), "--junit", report), "g++"),
        new Suite("node", report => new Child("node", Repo.At("tests", "node", "run.mjs"), "--junit", report)),
        new Suite("fleet", report => new Child("node", Repo.At("tests", "fleet", "run.mjs"), "--junit", report)) { Alone = true },
        new Suite("site", report => new Child("node", Repo.At("tests", "site", "run.mjs"), "--junit", report)),
        new Suite("dashboard", report => new Child("node", Repo.At("tests", "dashboard", "run.mjs"), "--junit", report)) { Alone = true },
        new Suite("behaviour", report => Pytest("behaviour", report), "python3-pytest", "python3-venv") { Alone = true },
        new Suite("demo", report => Pytest("demo", report), "python3-pytest") { Alone = true },
        // The first boot of the emulated machine downloads its system, 25 MB.
        new Suite("machines", report => Pytest("machines", report), "python3-pytest"),
        new Suite("container", report => Pytest("container", report), "python3-pytest", "python3-yaml"),
        new Suite("soak", report => Pytest("soak", report), "python3-pytest") { Alone = true },
    ];

    private static Child Pytest(string folder, string report) =>
        Python("-m", "pytest", Repo.At("tests", folder), "-p", "no:cacheprovider", "--junitxml", report);

    // Without byte code: it would lie about in the source folders.
    private static Child Python(params string[] arguments) => new(Tools.Python, ["-B", .. arguments]);
}
