using Klock.Build.Running;
using Klock.Build.Testing;
using Xunit;

namespace Klock.Build.Tests;

/// <summary>Real suites, as shell scripts that say in a common file when they begin and end.</summary>
public sealed class SuiteQueueTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("klock-queue-");

    [Fact]
    public async Task A_suite_that_loads_every_core_has_nothing_beside_it()
    {
        await RunAsync(Slow("a") with { Alone = true }, Slow("b") with { Alone = true }, Quick("c"));
        Assert.Equal(["+a", "-a", "+b", "-b", "+c", "-c"], Said());
    }

    [Fact]
    public async Task Two_others_run_side_by_side_and_never_three()
    {
        // Each of the first two ends only when both have begun.
        await RunAsync(Meets("a", "+b"), Meets("b", "+a"), Quick("c"));
        int running = 0, most = 0;
        foreach (string line in Said())
        {
            running += line[0] == '+' ? 1 : -1;
            most = Math.Max(most, running);
        }

        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Results_come_in_the_order_of_the_suites()
    {
        IReadOnlyList<SuiteResult> results = await RunAsync(Slow("slow"), Quick("quick"), Quick("alone") with { Alone = true });
        Assert.Equal(["slow", "quick", "alone"], results.Select(result => result.Suite["self-test-".Length..]));
        Assert.All(results, result => Assert.Equal(1, result.Count(Outcome.Passed)));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<IReadOnlyList<SuiteResult>> RunAsync(params Suite[] suites) =>
        SuiteQueue.RunAsync(suites, [], TestContext.Current.CancellationToken);

    private Suite Quick(string name) => Script(name, "true");

    private Suite Slow(string name) => Script(name, "sleep 0.2");

    private Suite Meets(string name, string line) => Script(name, $"until grep -qxF -- {line} said; do sleep 0.01; done");

    private Suite Script(string name, string work) => new("self-test-" + name, report => new Child(
        "/bin/sh", "-c", $"echo +{name} >> said; {work}; echo -{name} >> said; echo \"<s><testcase name='{name}'/></s>\" > \"$0\"", report)
    {
        Folder = _folder.FullName,
    });

    private string[] Said() => File.ReadAllLines(Path.Combine(_folder.FullName, "said"));
}
