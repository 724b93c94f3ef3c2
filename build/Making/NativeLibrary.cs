using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>libklock, compiled ahead of time: the slow part of a build, so it is left out when nothing it is made of has changed.</summary>
internal static class NativeLibrary
{
    /// <summary>Makes dist/lib/libklock.so.</summary>
    public static Task MakeAsync(CancellationToken cancel) => PublishAsync("library", Repo.NativeLibrary, cancel);

    /// <summary>Makes artifacts/native-test/libklock-test.so: the same with exports for tests alone, which never gets into dist/.</summary>
    public static Task MakeTestFlavourAsync(CancellationToken cancel) =>
        PublishAsync("test-library", Repo.TestLibrary, cancel, "-p:KlockTestExports=true");

    private static async Task PublishAsync(string step, string output, CancellationToken cancel, params string[] properties)
    {
        Stamp stamp = new(step, Inputs(), () => [output]);
        if (stamp.IsFresh())
        {
            Step.UpToDate(step);
            return;
        }

        await Step.RunAsync(step, cancel, Dotnet.Restore(Repo.NativeProject), Dotnet.Publish(Repo.NativeProject, properties));
        if (!File.Exists(output))
        {
            throw new BuildFailure($"[{step}] ended well and made no {Path.GetRelativePath(Repo.Top, output)}.");
        }

        stamp.Record();
    }

    private static string[] Inputs() =>
    [
        Repo.At("src"),
        // The shim is compiled against the header that users get.
        Repo.At("bindings", "c", "include", "klock.h"),
        Repo.At("global.json"),
        Repo.At("Directory.Build.props"),
        Repo.At("Directory.Build.targets"),
        Repo.At("Directory.Packages.props"),
    ];
}
