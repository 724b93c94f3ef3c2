namespace Klock.Simulation.Tests.Planted;

/// <summary>The kernel's sources, as they lie in this checkout.</summary>
internal static class KernelSources
{
    /// <summary>The texts, by their files' names from the kernel's folder.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = Read(Path.Combine(Top(), "src", "Klock.Kernel"));

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
