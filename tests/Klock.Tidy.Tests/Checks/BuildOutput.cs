using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Checks;

/// <summary>What a build makes is made again by the next one; it never gets into the repository.</summary>
internal static class BuildOutput
{
    private static readonly string[] _tops = ["dist", "artifacts"];
    private static readonly string[] _folders = ["bin", "obj", "node_modules", "__pycache__", ".pytest_cache", ".mypy_cache"];
    private static readonly string[] _endings =
    [
        ".so", ".dll", ".dylib", ".a", ".o", ".obj", ".lib", ".exe", ".pdb", ".dbg", ".whl", ".pyc", ".nupkg", ".tgz", ".gz", ".zip",
        ".log", ".db", ".db-wal", ".db-shm", ".sqlite", ".trx",
    ];

    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files)
    {
        foreach (TextFile file in files)
        {
            string[] parts = file.Path.Split('/');
            if (_tops.Contains(parts[0]) || parts.SkipLast(1).Intersect(_folders).Any())
            {
                yield return new Offence(file.Path, 0, "lies in a folder for build output");
            }
            else if (_endings.Contains(Path.GetExtension(file.Path)))
            {
                yield return new Offence(file.Path, 0, "is a kind of file that a build or a run makes");
            }
            else if (file.Text.Contains('\0', StringComparison.Ordinal) && !file.Path.EndsWith(".png", StringComparison.Ordinal))
            {
                yield return new Offence(file.Path, 0, "is binary");
            }
        }
    }
}
