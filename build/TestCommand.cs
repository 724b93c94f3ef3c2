using Klock.Build.Making;
using Klock.Build.Setup;
using Klock.Build.Testing;

namespace Klock.Build;

/// <summary><c>test</c>: builds, runs every suite, and sums up.</summary>
internal static class TestCommand
{
    /// <param name="arguments">At most one: part of the names of the suites to run.</param>
    /// <param name="cancel">Kills the suite that runs.</param>
    /// <returns>0 when something ran and nothing failed.</returns>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        List<Suite> suites = Choose(Suites.Find(), arguments.FirstOrDefault() ?? "");
        await BuildCommand.RunAsync(cancel);
        await NativeLibrary.MakeTestFlavourAsync(cancel);
        IReadOnlyList<TestPackage> missing = await TestPackages.EnsureAsync(TestPackage.All, cancel);
        if (suites.Any(suite => suite.Name == "machines") && (Machine.Built.Length == 1 || CrossProducts.IsThere))
        {
            await MachinesCommand.MakeAsync(cancel);
        }

        return TestSummary.Write(Console.Out, await SuiteQueue.RunAsync(suites, missing, cancel)) ? 0 : 1;
    }

    private static List<Suite> Choose(IReadOnlyList<Suite> all, string part)
    {
        List<Suite> chosen = [.. all.Where(suite => suite.Name.Contains(part, StringComparison.OrdinalIgnoreCase))];
        return chosen.Count > 0
            ? chosen
            : throw new BuildFailure($"No suite has '{part}' in its name. There are: {string.Join(", ", all.Select(suite => suite.Name))}.",
                BuildFailure.NotRight);
    }
}
