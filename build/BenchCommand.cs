using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary><c>bench</c>: builds what is measured and runs the benchmarks on the caller's own terminal.</summary>
internal static class BenchCommand
{
    private const string Bench = "Klock.Native.Bench";

    /// <param name="arguments">Passed on to the benchmarks.</param>
    /// <param name="cancel">Stops them.</param>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        string project = Repo.At("tests", Bench, Bench + ".csproj");
        await Tools.RequireForBuildAsync(cancel);
        await NativeLibrary.MakeAsync(cancel);
        await NativeLibrary.MakeTestFlavourAsync(cancel);
        await Step.RunAsync("bench", cancel, Dotnet.Restore(project), Dotnet.Build(project));
        return await new Child(Repo.TestProgram(Bench), arguments).RunAttachedAsync(cancel);
    }
}
