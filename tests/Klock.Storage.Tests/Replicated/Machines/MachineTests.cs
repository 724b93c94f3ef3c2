using System.Globalization;
using Xunit;

namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>Two and three servers on one journal that loses requests and answers,
/// with clocks that are minutes apart and do not run alike.</summary>
public sealed class MachineTests
{
    private const int Steps = 1_500;

    private static int Seeds => int.Parse(Environment.GetEnvironmentVariable("KLOCK_MACHINE_SEEDS") ?? "30", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_is_told_what_does_not_hold(int machines)
    {
        int grants = 0, failures = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var fleet = new Fleet((machines * 1_000_000) + seed, machines);
            Exception? violated = Run(fleet);
            Assert.True(violated is null, $"seed {seed}: {violated}\n{fleet.Story}");
            grants += fleet.Grants;
            failures += fleet.Failures;
        }

        Assert.True(grants > Seeds * 50, $"only {grants} grants");
        Assert.True(failures > Seeds, $"only {failures} failures");
    }

    [Fact]
    public void A_snapshot_that_lacks_a_batch_is_noticed()
    {
        int noticed = Enumerable.Range(0, 10).Count(static seed =>
        {
            using var fleet = new Fleet(seed, machines: 3, isSnapshotOld: true);
            return Run(fleet) is not null;
        });
        Assert.InRange(noticed, 5, 10);
    }

    private static Exception? Run(Fleet fleet)
    {
        try
        {
            for (int step = 0; step < Steps; step++)
            {
                fleet.Step();
            }

            fleet.End();
            return null;
        }
        catch (Exception violated)
        {
            return violated;
        }
    }
}
