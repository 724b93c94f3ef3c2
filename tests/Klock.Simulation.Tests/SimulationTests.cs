using Xunit;

namespace Klock.Simulation.Tests;

/// <summary>Many seeds against the kernel. KLOCK_SOAK_SECONDS makes it run longer, KLOCK_SIM_SEED runs one seed with a trace,
/// KLOCK_SIM_SEEDS so many from the first on.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int DefaultSeconds = 30;

    [Fact]
    public void Kernel_keeps_every_promise_whatever_agents_do()
    {
        if (Settings.Seed is { } only)
        {
            RunOne(only);
            return;
        }

        long start = TimeProvider.System.GetTimestamp();
        var limit = TimeSpan.FromSeconds(Settings.SoakSeconds ?? DefaultSeconds);
        long steps = 0;
        ulong first = Settings.FirstSeed;
        ulong seed = first;
        for (; Settings.Seeds is { } count ? seed - first < count : TimeProvider.System.GetElapsedTime(start) < limit; seed++)
        {
            if (SeedRun.Try(seed, trace: null, out int taken) is { } violation)
            {
                // Explaining takes many runs more, which pays for a person and not for a mutant.
                Assert.Fail(Settings.Seeds is null ? SeedRun.Explain(seed) : violation);
            }

            steps += taken;
        }

        output.WriteLine($"{steps} steps of {seed - first} seeds, from {first} on");
    }

    private void RunOne(ulong seed)
    {
        if (SeedRun.Try(seed, output.WriteLine, out _) is not null)
        {
            Assert.Fail(SeedRun.Explain(seed));
        }
    }
}
