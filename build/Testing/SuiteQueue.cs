using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build.Testing;

/// <summary>
/// Runs suites in their order: first those that want the machine for themselves, one after the other; then the rest, which keep one core
/// busy, two at a time.
/// </summary>
internal static class SuiteQueue
{
    private const int SideBySide = 2;

    /// <summary>Runs all, to the end of each.</summary>
    /// <returns>Their results, in the order of <paramref name="suites"/>.</returns>
    public static async Task<IReadOnlyList<SuiteResult>> RunAsync(
        IReadOnlyList<Suite> suites, IReadOnlyList<TestPackage> missing, CancellationToken cancel)
    {
        var results = new SuiteResult[suites.Count];
        await RunSomeAsync(alone: true, atATime: 1);
        await RunSomeAsync(alone: false, SideBySide);
        return results;

        Task RunSomeAsync(bool alone, int atATime) => Parallel.ForEachAsync(
            Enumerable.Range(0, suites.Count).Where(index => suites[index].Alone == alone),
            new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancel },
            async (index, stop) =>
            {
                string name = suites[index].Name;
                Console.WriteLine($"[{name}] ...");
                results[index] = await SuiteRunner.RunAsync(suites[index], missing, stop);
                Console.WriteLine($"[{name}] {Duration.Text(results[index].Time)}");
            });
    }
}
