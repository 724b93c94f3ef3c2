namespace Klock.Server.Bench;

/// <summary>Where things are in the checkout that this was built in.</summary>
internal static class Checkout
{
    /// <summary>The folder with Klock.sln.</summary>
    public static string Top { get; } = FindTop(AppContext.BaseDirectory);

    /// <summary>The program that is measured.</summary>
    public static string Server { get; } = Path.Combine(Top, "dist", "bin", "klock-server");

    /// <summary>What it is compared with: two routes that decide nothing.</summary>
    public static string BareRoute { get; } = Path.Combine(Top, "artifacts", "bench", "klock-bare-route");

    private static string FindTop(string folder) =>
        File.Exists(Path.Combine(folder, "Klock.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } above ? FindTop(above)
        : throw new DirectoryNotFoundException("The benchmark must run inside the checkout: no folder above has Klock.sln.");
}
