using Klock.Client.Places;

namespace Klock.Agents.Settings;

/// <summary>What the user may set about hooks.</summary>
internal sealed record HookSettings
{
    /// <summary>The settings in force in a folder.</summary>
    /// <param name="folder">The folder: an absolute path.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="Coordinator.Protocol.KlockException">A value is none that is allowed, or a file cannot be read.</exception>
    public static HookSettings In(string folder, Func<string, string?> environment) =>
        SettingValues.ToHookSettings(SettingValues.Read(SettingsTop.Of(folder), environment));

    /// <summary>How long an edit waits in the hook for what others hold, in ms.</summary>
    public long WaitMs { get; init; } = 30_000;

    /// <summary>How long a lease stays after an edit, so that a series of edits is one critical section, in ms.</summary>
    public long IdleMs { get; init; } = 20_000;

    /// <summary>Whether an edit is blocked when Klock itself fails; else it is let through.</summary>
    public bool BlocksOnFailure { get; init; } = true;

    /// <summary>Whether the files of other agents are read-only for shell commands.</summary>
    public bool FencesShell { get; init; }

    /// <summary>Whether files of linked work trees share the names of the others: a value of <c>KLOCK_WORKTREES</c>.</summary>
    public string WorkTrees { get; init; } = WorkTreeNaming.Share;

    /// <summary>Whether hooks do anything at all.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>A variable of the environment. What a settings file says of work trees holds as if its variable were set.</summary>
    public string? Variable(string name) => name == WorkTreeNaming.Variable ? WorkTrees : Environment.GetEnvironmentVariable(name);
}
