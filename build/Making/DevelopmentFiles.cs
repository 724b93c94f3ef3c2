using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>What a C or C++ program is built against beside the library: headers, pkg-config, CMake. Copied as they are.</summary>
internal static class DevelopmentFiles
{
    private static readonly (string From, string Pattern, string To)[] _copies =
    [
        ("include", "*", "include"),
        ("pkg", "*.pc", "lib/pkgconfig"),
        ("pkg", "*.cmake", "lib/cmake/klock"),
    ];

    private const string InstallScript = "cmake_install.cmake";

    /// <summary>
    /// Makes dist/include, dist/lib/pkgconfig and dist/lib/cmake hold exactly the files of bindings/c, and copies the script that installs
    /// them.
    /// </summary>
    /// <exception cref="BuildFailure">A folder of bindings/c is not there.</exception>
    public static Task CopyAsync() => Step.RunAsync("headers", async log =>
    {
        foreach ((string from, string pattern, string to) in _copies)
        {
            string source = Repo.At("bindings", "c", from);
            string target = Path.Combine(Repo.Dist, to);
            if (!Directory.Exists(source))
            {
                throw new BuildFailure($"[headers] bindings/c/{from} does not exist.");
            }

            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.CreateDirectory(target);
            foreach (string file in Directory.GetFiles(source, pattern))
            {
                await log.WriteLineAsync($"{Path.GetRelativePath(Repo.Top, file)} -> dist/{to}");
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }

        File.Copy(Repo.At("bindings", "c", "install", InstallScript), Path.Combine(Repo.Dist, InstallScript), overwrite: true);
    });
}
