using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>Every file is there for somebody: a project compiles it, another file names it, or the README leads to it.</summary>
internal static class UnusedFiles
{
    // Read by a tool that looks for exactly this name, so nothing needs to mention them.
    private static readonly string[] _knownToTools =
    [
        ".editorconfig", ".gitattributes", ".gitignore", "global.json", "packages.lock.json", "LICENSE", "README.md", "Klock.sln",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "nuget.config", "PublicAPI.Shipped.txt",
        "PublicAPI.Unshipped.txt", "build.sh", "build.ps1", "py.typed", "__init__.py", "__main__.py", "conftest.py", "pyproject.toml",
        "package.json", "package-lock.json", "tsconfig.json", "vite.config.mjs", "xunit.runner.json", "CMakeLists.txt",
    ];

    public static IEnumerable<Offence> Find(IReadOnlyList<TextFile> files)
    {
        HashSet<string> read = MarkdownLinks.ReachableFrom("README.md", files);
        foreach (TextFile file in files)
        {
            string? what = Path.GetExtension(file.Path) switch
            {
                ".csproj" => IsNamed(file, files) ? null : "no solution, script or other project names this project",
                ".cs" => IsCompiled(file, files) ? null : "no project compiles this file",
                ".md" => read.Contains(file.Path) ? null : "no link leads here from README.md",
                _ => IsFoundByItsName(file) || IsNamed(file, files) ? null : "no other file names this one",
            };
            if (what is not null)
            {
                yield return new Offence(file.Path, 0, what);
            }
        }
    }

    // A project compiles all C# beneath its folder, and what it links from elsewhere.
    private static bool IsCompiled(TextFile file, IReadOnlyList<TextFile> files) =>
        files.Any(project => project.Path.EndsWith(".csproj", StringComparison.Ordinal)
            && (file.IsUnder(project.Folder) || project.Text.Contains(file.Name, StringComparison.Ordinal)));

    private static bool IsFoundByItsName(TextFile file) =>
        _knownToTools.Contains(file.Name) || file.Path == ".ci/run"
        || (file.Language == Language.Python && file.Name.StartsWith("test_", StringComparison.Ordinal));

    // By its whole name; a Python module by its stem, as an import says it; or by a pattern in a file above or
    // beside it, or in the build program.
    private static bool IsNamed(TextFile file, IReadOnlyList<TextFile> files)
    {
        string name = file.Language == Language.Python ? $@"\b{Regex.Escape(Path.GetFileNameWithoutExtension(file.Name))}\b"
            : $@"(?<![\w-]){Regex.Escape(file.Name)}\b";
        Regex mention = new(name, RegexOptions.None, TimeSpan.FromSeconds(1));
        string pattern = "*" + Path.GetExtension(file.Name);
        return files.Any(other => other != file && (mention.IsMatch(other.Text)
            || ((other.Folder.Length == 0 || file.IsUnder(other.Folder) || other.IsUnder("build"))
                && other.IsCode && other.Text.Contains(pattern, StringComparison.Ordinal))));
    }
}
