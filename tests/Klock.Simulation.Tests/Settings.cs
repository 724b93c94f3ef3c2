using System.Globalization;

namespace Klock.Simulation.Tests;

/// <summary>What the environment says about how to run.</summary>
internal static class Settings
{
    /// <summary>The one seed to run, with a trace; null to run many.</summary>
    public static ulong? Seed => Number("KLOCK_SIM_SEED");

    /// <summary>For how long to look for violations; null for the short form.</summary>
    public static ulong? SoakSeconds => Number("KLOCK_SOAK_SECONDS");

    /// <summary>How many seeds to run, however long they take; null to go by time. Mutation testing runs a few for each mutant.</summary>
    public static ulong? Seeds => Number("KLOCK_SIM_SEEDS");

    /// <summary>Where the seeds start: a test always begins with the same ones, a soak looks further each time.</summary>
    public static ulong FirstSeed => SoakSeconds is null ? 1 : (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static ulong? Number(string name) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out ulong value) ? value : null;
}
