namespace Klock.Native.Tests.Support;

/// <summary>Where things are in the checkout that these tests were built in.</summary>
internal static class Repo
{
    /// <summary>The folder with Klock.sln.</summary>
    public static string Top { get; } = FindTop(AppContext.BaseDirectory);

    /// <summary>The library that is shipped.</summary>
    public static string Product { get; } = Built("./build.sh", "dist", "lib", "libklock.so");

    /// <summary>The library with klock_test_*.</summary>
    public static string TestFlavour { get; } = Built(
        "dotnet publish src/Klock.Native/Klock.Native.csproj -c Release -p:KlockTestExports=true",
        "artifacts", "native-test", "libklock-test.so");

    /// <summary>A path from the top of the checkout.</summary>
    public static string At(params string[] parts) => Path.Combine([Top, .. parts]);

    private static string Built(string how, params string[] parts)
    {
        string path = At(parts);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is not built: run {how} from the top of the repo first.");
    }

    private static string FindTop(string folder) =>
        File.Exists(Path.Combine(folder, "Klock.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } above ? FindTop(above)
        : throw new DirectoryNotFoundException("These tests must run inside the checkout: no folder above has Klock.sln.");
}
