using Xunit;

namespace Klock.Simulation.Tests.Planted;

/// <summary>The simulator bites: each planted bug is found, and none is where none was planted.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    // Far more than any of them needs; the bugs that hide best took some hundred.
    private const int Seeds = 3_000;
    private const int SeedsWithoutBug = 60;

    public static TheoryData<string> Names => [.. PlantedBugs.All.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Planted_bug_is_found(string name)
    {
        SimulatorOver.TrySeed trySeed = SimulatorOver.Load(KernelCompiler.Compile(PlantedBugs.All.Single(bug => bug.Name == name)));
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            if (trySeed(seed, null, out int steps) is { } violation)
            {
                output.WriteLine($"'{name}' found by seed {seed} after {steps} steps of it:\n{violation}");
                return;
            }
        }

        Assert.Fail($"{Seeds} seeds do not notice that {name}.");
    }

    [Fact]
    public void Kernel_compiled_the_same_way_without_a_bug_breaks_no_promise()
    {
        SimulatorOver.TrySeed trySeed = SimulatorOver.Load(KernelCompiler.Compile(bug: null));
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
