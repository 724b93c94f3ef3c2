namespace Klock.Build.Making;

/// <summary>libklock.</summary>
internal static class NativeLibrary
{
    // The shim is compiled against the header that users get.
    private static readonly string[] _inputs = [Repo.At("src", "Klock.Native"), Repo.At("bindings", "c", "include", "klock.h")];

    /// <summary>Makes dist/lib/libklock.so.</summary>
    public static Task MakeAsync(CancellationToken cancel) =>
        new NativeProduct("library", Repo.NativeProject, Repo.NativeLibrary, _inputs).MakeAsync(cancel);

    /// <summary>Makes artifacts/native-test/libklock-test.so: the same with exports for tests alone, which never gets into dist/.</summary>
    public static Task MakeTestFlavourAsync(CancellationToken cancel) =>
        new NativeProduct("test-library", Repo.NativeProject, Repo.TestLibrary, _inputs).MakeAsync(cancel, "-p:KlockTestExports=true");
}
