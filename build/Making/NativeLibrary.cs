using System.Text.RegularExpressions;

namespace Klock.Build.Making;

/// <summary>libklock.</summary>
internal static partial class NativeLibrary
{
    private static readonly string _header = Repo.At("bindings", "c", "include", "klock.h");

    // The shim is compiled against the header that users get.
    public static string[] Inputs { get; } = [Repo.At("src", "Klock.Native"), _header];

    /// <summary>The name that a program which was linked with -lklock asks for: libklock.so.ABI, as Native.targets says.</summary>
    public static string Soname => $"libklock.so.{AbiVersion().Match(File.ReadAllText(_header)).Value}";

    /// <summary>Makes dist/lib/libklock.so, and the name beside it under which the loader looks for it.</summary>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        await new NativeProduct("library", Repo.NativeProject, Repo.NativeLibrary, Inputs).MakeAsync(cancel);
        LinkSoname();
    }

    /// <summary>Makes artifacts/native-test/libklock-test.so: the same with exports for tests alone, which never gets into dist/.</summary>
    public static Task MakeTestFlavourAsync(CancellationToken cancel) =>
        new NativeProduct("test-library", Repo.NativeProject, Repo.TestLibrary, Inputs).MakeAsync(cancel, "-p:KlockTestExports=true");

    private static void LinkSoname()
    {
        string link = Path.Combine(Path.GetDirectoryName(Repo.NativeLibrary)!, Soname);
        if (new FileInfo(link).LinkTarget is null)
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.GetFileName(Repo.NativeLibrary));
        }
    }

    [GeneratedRegex(@"(?<=#define KLOCK_ABI_VERSION )\d+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AbiVersion();
}
