
namespace Klock.Storage.Tests.Hammering;

/// <summary>How long hammers run.</summary>
internal static class Soak
{
    private const string Variable = "KLOCK_SOAK_SECONDS";

    /// <summary>The time that was asked for in the environment, or a short one.</summary>
    public static TimeSpan TimeOr(double seconds)
    {
        string? asked = Environment.GetEnvironmentVariable(Variable);
        return TimeSpan.FromSeconds(string.IsNullOrEmpty(asked) ? seconds : double.Parse(asked));
    }
}
