using Klock.Build.Running;

namespace Klock.Build;

/// <summary>
/// <c>mutate</c>: has Stryker change the kernel, one small change at a time, and tells how many of the changes its tests find.
/// </summary>
internal static class MutateCommand
{
    /// <param name="arguments">Passed on to Stryker: <c>-m "**/Judge.cs"</c> mutates one file.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        await Step.RunAsync("tools", cancel, new Child("dotnet", "tool", "restore"));
        string[] options = ["stryker", "--output", Repo.At("artifacts", "mutation"), .. arguments];
        Child stryker = new("dotnet", options) { Folder = Repo.At("tests", "Klock.Kernel.Tests") };
        return await stryker.RunAttachedAsync(cancel);
    }
}
