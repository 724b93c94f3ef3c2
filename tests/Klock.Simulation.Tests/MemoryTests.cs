using Klock.Kernel;
using Klock.Simulation.Tests.Programs;
using Xunit;

namespace Klock.Simulation.Tests;

/// <summary>What measures the memory of this process runs when no other test does.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>Nothing remains of what has ended: memory stays flat however many commands there were.</summary>
[Collection(nameof(AloneCollection))]
public sealed class MemoryTests(ITestOutputHelper output)
{
    // Enough to fill all that is kept on purpose, up to its bound: ended leases, agents.
    private const int WarmUp = 300_000;
    private const int Commands = 1_000_000;
    private const int CommandsOfSoak = 10_000_000;
    private const int CommandsForAMutant = 20_000;

    // What dictionaries and heaps may grow by when a few more leases than ever before are active at once.
    private const long AllowedGrowth = 1_000_000;

    [Fact]
    public void Memory_is_flat_over_millions_of_commands()
    {
        var table = new LeaseTable(sequence: 0);
        var churn = new Churn(table, new Dice(1));
        churn.Run(Settings.Seeds is null ? WarmUp : CommandsForAMutant);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int commands = Settings.Seeds is not null ? CommandsForAMutant : Settings.SoakSeconds is null ? Commands : CommandsOfSoak;
        churn.Run(commands);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        output.WriteLine($"{commands} commands: {before} bytes before, {after} after; "
            + $"{table.Sequence} events, {table.CountActive(table.NowMs)} leases active, {table.WaiterCount} requests waiting");
        Assert.InRange(after - before, long.MinValue, AllowedGrowth);
        Assert.InRange(table.CountActive(table.NowMs), 10, 10_000);
        Assert.InRange(table.WaiterCount, 1, 10_000);
        churn.LetGoOfEverything();
        Assert.Equal(0, table.CountActive(table.NowMs));
        Assert.Equal(0, table.WaiterCount);
        Assert.Equal(0, table.ResourceNodeCount);
        Assert.DoesNotContain(table.Agents, agent => !agent.IsIdle);
    }
}
