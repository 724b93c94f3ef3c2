using Xunit;

namespace Klock.Simulation.Tests;

/// <summary>Many seeds against the kernel as it is. KLOCK_SOAK_SECONDS makes it run for longer, KLOCK_SIM_SEED runs one seed with a trace.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int DefaultSeconds = 30;

    [Fact]
    public void Kernel_keeps_every_promise_whatever_agents_do()
    {
        if (Settings.Seed is { } only)
        {
            Assert.Null(SeedRun.Try(only, output.WriteLine, out _));
            return;
        }

        long start = TimeProvider.System.GetTimestamp();
        var limit = TimeSpan.FromSeconds(Settings.SoakSeconds ?? DefaultSeconds);
        long steps = 0;
        ulong seed = Settings.FirstSeed;
        for (; TimeProvider.System.GetElapsedTime(start) < limit; seed++)
        {
            string? failure = SeedRun.Try(seed, trace: null, out int taken);
            Assert.True(failure is null, failure);
            steps += taken;
        }

        output.WriteLine($"{steps} steps of {seed - Settings.FirstSeed} seeds, from {Settings.FirstSeed} on");
    }
}
