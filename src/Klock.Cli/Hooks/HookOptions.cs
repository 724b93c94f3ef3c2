using Klock.Agents.Settings;
using Klock.Cli.Failures;
using Klock.Coordinator;

namespace Klock.Cli.Hooks;

/// <summary>Reads the settings of hooks.</summary>
internal static class HookOptions
{
    private const long MaxWaitMs = 100_000;
    private const long MaxIdleMs = 10 * 60 * 1000;

    /// <summary>The settings as the environment has them.</summary>
    /// <exception cref="CliFailure">A value is none that is allowed.</exception>
    public static HookSettings Read(Func<string, string?> environment)
    {
        var usual = new HookSettings();
        return usual with
        {
            IsOn = OneOf(environment, "KLOCK_HOOKS", "on", "off"),
            BlocksOnFailure = OneOf(environment, "KLOCK_ON_FAILURE", "block", "allow"),
            WaitMs = Duration(environment, "KLOCK_WAIT", usual.WaitMs, MaxWaitMs),
            IdleMs = Duration(environment, "KLOCK_IDLE", usual.IdleMs, MaxIdleMs),
        };
    }

    private static bool OneOf(Func<string, string?> environment, string name, string usual, string other) =>
        environment(name) is not { Length: > 0 } said || said == usual
        || (said == other ? false : throw CliFailure.Usage($"{name} is '{said}': it must be {usual} or {other}."));

    private static long Duration(Func<string, string?> environment, string name, long usual, long most) =>
        environment(name) is not { Length: > 0 } said ? usual
        : Durations.ToMs(said) is { } ms && ms >= 0 && ms <= most ? ms
        : throw CliFailure.Usage($"{name} is '{said}': it must be a duration from 0s to {most / 1000}s, as in 30s.");
}
