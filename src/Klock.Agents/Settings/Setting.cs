using Klock.Client.Places;

namespace Klock.Agents.Settings;

/// <summary>One thing that users may set.</summary>
/// <param name="Name">Its name in files, as in <c>on_failure</c>.</param>
/// <param name="Variable">The environment variable that sets it.</param>
/// <param name="Usual">Its value where nobody sets it.</param>
/// <param name="Meaning">What it does, in a sentence.</param>
/// <param name="Problem">Why a value is none that is allowed; null when it is one.</param>
internal sealed record Setting(string Name, string Variable, string Usual, string Meaning, Func<string, string?> Problem)
{
    /// <summary>Whether all work trees of a repository must agree on it, so that its first one says it for all.</summary>
    public bool IsCommon { get; init; }

    private const string Watch = "watch";

    /// <summary>The value by which the files of other agents are read-only for shell commands.</summary>
    public const string Fence = "fence";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("hooks", "KLOCK_HOOKS", "on", "whether the hooks of coding agents do anything: on or off", OneOf("on", "off")),
        new("wait", "KLOCK_WAIT", "30s", "how long an edit waits in its hook for what others hold", Within(100)),
        new("idle", "KLOCK_IDLE", "20s", "how long a lease stays after an edit, unless somebody waits for it", Within(600)),
        new(
            "on_failure", "KLOCK_ON_FAILURE", "block", "what becomes of an edit when Klock itself fails: block or allow",
            OneOf("block", "allow")),
        new(
            "shell", "KLOCK_SHELL", Watch,
            "what keeps shell commands off the files of other agents: watch compares them afterwards, fence makes them read-only",
            OneOf(Watch, Fence)),
        new(
            "worktrees", WorkTreeNaming.Variable, WorkTreeNaming.Share,
            "whether a file has one name in all work trees, or files of linked ones have their own: share or separate",
            OneOf(WorkTreeNaming.Share, WorkTreeNaming.Separate)) { IsCommon = true },
    ];

    private static Func<string, string?> OneOf(string first, string second) =>
        value => value == first || value == second ? null : $"must be {first} or {second}";

    private static Func<string, string?> Within(long seconds) => value =>
        Coordinator.Durations.ToMs(value) is { } ms && ms <= seconds * 1000 ? null : $"must be a duration from 0s to {seconds}s, as in 30s";
}
