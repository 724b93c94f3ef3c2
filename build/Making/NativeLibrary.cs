using System.Text.RegularExpressions;

namespace Klock.Build.Making;

/// <summary>libklock.</summary>
internal static partial class NativeLibrary
{
    private static readonly string _header = Repo.At("bindings", "c", "include", "klock.h");

    // The shim is compiled against the header that users get.
    private static readonly string[] _inputs = [Repo.At("src", "Klock.Native"), _header];

    /// <summary>Makes dist/lib/libklock.so, and the name beside it under which the loader looks for it.</summary>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        await new NativeProduct("library", Repo.NativeProject, Repo.NativeLibrary, _inputs).MakeAsync(cancel);
        if (OperatingSystem.IsLinux())
        {
            LinkSoname();
        }
    }

    /// <summary>Makes artifacts/native-test/libklock-test.so: the same with exports for tests alone, which never gets into dist/.</summary>
    public static Task MakeTestFlavourAsync(CancellationToken cancel) =>
        new NativeProduct("test-library", Repo.NativeProject, Repo.TestLibrary, _inputs).MakeAsync(cancel, "-p:KlockTestExports=true");

    // A program that was linked with -lklock asks for libklock.so.<ABI version>, as Native.targets says.
    private static void LinkSoname()
    {
        string link = $"{Repo.NativeLibrary}.{AbiVersion().Match(File.ReadAllText(_header)).Value}";
        if (new FileInfo(link).LinkTarget is null)
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.GetFileName(Repo.NativeLibrary));
        }
    }

    [GeneratedRegex(@"(?<=#define KLOCK_ABI_VERSION )\d+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AbiVersion();
}
