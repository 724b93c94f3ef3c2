using Klock.Build.Running;

namespace Klock.Build;

/// <summary>
/// <c>mutate</c>: has Stryker change the kernel, one small change at a time, and counts how many of the changes its own tests and
/// the simulation find.
/// </summary>
internal static class MutateCommand
{
    // The simulation runs anew for every mutant: so many seeds take a fraction of a second.
    private const string SeedsForAMutant = "200";

    /// <param name="arguments">Passed on to Stryker: <c>-m "**/Judge.cs"</c> mutates one file.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        await Step.RunAsync("tools", cancel, new Child("dotnet", "tool", "restore"));
        string[] options = ["stryker", "--output", Repo.At("artifacts", "mutation"), .. arguments];
        Child stryker = new("dotnet", options)
        {
            Folder = Repo.At("tests", "Klock.Kernel.Tests"),
            Environment = { ["KLOCK_SIM_SEEDS"] = SeedsForAMutant },
        };
        return await stryker.RunAttachedAsync(cancel);
    }
}
