using System.Xml.Linq;

namespace Klock.Build;

/// <summary>Where things are in this checkout. Every path is absolute, so the caller's folder never matters.</summary>
internal static class Repo
{
    /// <summary>The top of the checkout: the nearest folder above this program that holds Klock.sln.</summary>
    public static string Top { get; } = FindTop(AppContext.BaseDirectory);

    public static string Dist { get; } = At("dist");
    public static string Artifacts { get; } = At("artifacts");
    public static string Logs { get; } = At("artifacts", "logs");
    public static string Reports { get; } = At("artifacts", "reports");
    public static string Solution { get; } = At("Klock.sln");
    public static string NativeProject { get; } = At("src", "Klock.Native", "Klock.Native.csproj");
    public static string NativeLibrary { get; } = At("dist", "lib", "libklock.so");
    public static string TestLibrary { get; } = At("artifacts", "native-test", "libklock-test.so");

    /// <summary>A program in dist/bin.</summary>
    public static string Program(string name) => At("dist", "bin", OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>The product version, as Directory.Build.props has it.</summary>
    public static string Version { get; } = ReadVersion(At("Directory.Build.props"));

    /// <summary>True on a build server: lock files are then binding.</summary>
    public static bool IsCi { get; } = Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>An absolute path from parts below the top.</summary>
    public static string At(params string[] parts) => Path.Combine([Top, .. parts]);

    /// <summary>The built program of a project under tests/: xunit suites are programs too.</summary>
    public static string TestProgram(string project) =>
        At("artifacts", "bin", project, "release", OperatingSystem.IsWindows() ? project + ".exe" : project);

    private static string FindTop(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Klock.sln")))
            {
                return folder.FullName;
            }
        }

        throw new BuildFailure($"No Klock.sln in {start} or above: the build program must run from its checkout.", BuildFailure.NotRight);
    }

    private static string ReadVersion(string propsFile) =>
        XDocument.Load(propsFile).Descendants("Version").FirstOrDefault()?.Value.Trim()
        ?? throw new BuildFailure("Directory.Build.props has no <Version>.", BuildFailure.NotRight);
}
