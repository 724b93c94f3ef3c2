namespace Klock.Simulation.Tests.Planted;

/// <summary>The sources of the kernel and of the simulator, as they lie in this checkout.</summary>
internal static class Sources
{
    private static readonly string _top = Top();

    /// <summary>The kernel's files, named from its folder.</summary>
    public static IReadOnlyDictionary<string, string> Kernel { get; } = Read(Path.Combine(_top, "src", "Klock.Kernel"));

    /// <summary>The simulator's files, less the tests themselves.</summary>
    public static IReadOnlyList<string> Simulator { get; } =
    [
        .. Read(Path.Combine(_top, "tests", "Klock.Simulation.Tests"))
            .Where(file => !file.Value.Contains("using Xunit;", StringComparison.Ordinal) && !file.Key.StartsWith("Planted/", StringComparison.Ordinal))
            .Select(file => file.Value),
    ];

    private static Dictionary<string, string> Read(string folder) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText);

    private static string Top()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Klock.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No Klock.sln above the test program.");
    }
}
