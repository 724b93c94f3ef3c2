using Xunit;

namespace Klock.Simulation.Tests.Planted;

/// <summary>The simulator finds each planted bug, and none where none was planted.</summary>
public sealed class PlantedBugTests
{
    // Far more than any of them needs; the bugs that hide best took some hundred.
    private const int Seeds = 3_000;
    private const int SeedsWithoutBug = 60;

    private readonly ITestOutputHelper _output;

    public PlantedBugTests(ITestOutputHelper output)
    {
        Assert.SkipWhen(Settings.Seeds is not null, "mutation testing: what these try is not the kernel that is being mutated");
        _output = output;
    }

    public static TheoryData<string> Names => [.. PlantedBugs.All.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Planted_bug_is_found(string name)
    {
        PlantedBug planted = PlantedBugs.All.Single(bug => bug.Name == name);
        SimulatorOver.TrySeed trySeed = SimulatorOver.LoadTry(KernelCompiler.Compile(planted));
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            if (trySeed(seed, null, out int steps) is { } violation)
            {
                _output.WriteLine($"'{name}' found by seed {seed} after {steps} steps of it:\n{violation}");
                return;
            }
        }

        Assert.Fail($"{Seeds} seeds do not notice that {name}.");
    }

    [Fact]
    public void Failing_seed_fails_again_in_the_same_way_and_is_cut_short()
    {
        PlantedBug planted = PlantedBugs.All.Single(bug => bug.Name == "elders overtake in the queue");
        Func<ulong, string> explain = SimulatorOver.LoadExplain(KernelCompiler.Compile(planted));
        ulong seed = 1;
        while (explain(seed).Contains("does not fail", StringComparison.Ordinal))
        {
            seed++;
        }

        string explained = explain(seed);
        Assert.Equal(explained, explain(seed));
        Assert.Contains($"KLOCK_SIM_SEED={seed}", explained, StringComparison.Ordinal);
        string[] shortest = explained[explained.IndexOf("the shortest way", StringComparison.Ordinal)..].Split('\n');
        Assert.InRange(shortest.Length, 4, 12);
    }

    [Fact]
    public void Kernel_compiled_the_same_way_without_a_bug_breaks_no_promise()
    {
        SimulatorOver.TrySeed trySeed = SimulatorOver.LoadTry(KernelCompiler.Compile(bug: null));
        for (ulong seed = 1; seed <= SeedsWithoutBug; seed++)
        {
            Assert.Null(trySeed(seed, null, out _));
        }
    }

    [Fact]
    public void Planted_bug_that_no_longer_fits_says_so()
    {
        var bug = new PlantedBug("gone", "LeaseTable.cs", "no such text", "whatever");
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => KernelCompiler.Compile(bug));
        Assert.Contains("no longer fits", thrown.Message, StringComparison.Ordinal);
    }
}
