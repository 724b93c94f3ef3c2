namespace Klock.Cli.Tests.Support;

/// <summary>Where things are in the checkout that these tests were built in.</summary>
internal static class Repo
{
    /// <summary>The folder with Klock.sln.</summary>
    public static string Top { get; } = FindTop(AppContext.BaseDirectory);

    /// <summary>The program that is shipped.</summary>
    public static string Klock { get; } = Built("klock");

    /// <summary>A path from the top of the checkout.</summary>
    public static string At(params string[] parts) => Path.Combine([Top, .. parts]);

    private static string Built(string program)
    {
        string path = At("dist", "bin", program);
        return File.Exists(path) ? path
            : throw new FileNotFoundException($"{path} is not built: run ./build.sh from the top of the repo first.");
    }

    private static string FindTop(string folder) =>
        File.Exists(Path.Combine(folder, "Klock.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } above ? FindTop(above)
        : throw new DirectoryNotFoundException("These tests must run inside the checkout: no folder above has Klock.sln.");
}
