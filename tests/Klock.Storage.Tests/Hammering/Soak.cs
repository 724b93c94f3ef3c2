
namespace Klock.Storage.Tests.Hammering;

/// <summary>How long hammers run.</summary>
internal static class Soak
{
    private const string Variable = "KLOCK_SOAK_SECONDS";

    /// <summary>The seed of a run: always the same in a test, a new one in a soak.</summary>
    public static int Seed(int run) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable))
            ? run
            : (int)(TimeProvider.System.GetTimestamp() % int.MaxValue);

    /// <summary>The time that was asked for in the environment, or a short one.</summary>
    public static TimeSpan TimeOr(double seconds)
    {
        string? asked = Environment.GetEnvironmentVariable(Variable);
        return TimeSpan.FromSeconds(string.IsNullOrEmpty(asked) ? seconds : double.Parse(asked));
    }
}
