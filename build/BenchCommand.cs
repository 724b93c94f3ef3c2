using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary><c>bench</c>: builds what is measured and runs the benchmarks on the caller's own terminal, one after another.</summary>
internal static class BenchCommand
{
    // The C interface and the SQLite store take a minute each; the kernel, by BenchmarkDotNet, some ten.
    private static readonly string[] _benches = ["Klock.Native.Bench", "Klock.Storage.Bench", "Klock.Kernel.Bench"];

    /// <param name="arguments">Part of the name of the one to run, and what is passed on to it; all of them when it is left out.</param>
    /// <param name="cancel">Stops them.</param>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        string wanted = arguments.FirstOrDefault() ?? "";
        string[] chosen = [.. _benches.Where(bench => bench.Contains(wanted, StringComparison.OrdinalIgnoreCase))];
        if (chosen.Length == 0)
        {
            throw new BuildFailure($"No benchmark is called '{wanted}': there are {string.Join(", ", _benches)}.", BuildFailure.NotRight);
        }

        await Tools.RequireForBuildAsync(cancel);
        await NativeLibrary.MakeAsync(cancel);
        await NativeLibrary.MakeTestFlavourAsync(cancel);
        int worst = 0;
        foreach (string bench in chosen)
        {
            string project = Repo.At("tests", bench, bench + ".csproj");
            await Step.RunAsync("bench", cancel, Dotnet.Restore(project), Dotnet.Build(project));
            worst = Math.Max(worst, await new Child(Repo.TestProgram(bench), [.. arguments.Skip(1)]).RunAttachedAsync(cancel));
        }

        return worst;
    }
}
