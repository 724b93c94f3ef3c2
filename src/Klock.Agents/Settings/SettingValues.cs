using Klock.Client.Places;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;

namespace Klock.Agents.Settings;

/// <summary>A value, and who has set it.</summary>
/// <param name="Setting">Of what.</param>
/// <param name="Value">The value.</param>
/// <param name="From">A file, a variable, or that it is the default.</param>
internal sealed record SettingValue(Setting Setting, string Value, string From);

/// <summary>
/// The settings in force: the environment before the user's file, that before the repository's, that before the defaults.
/// </summary>
internal static class SettingValues
{
    private const string RepositoryFile = ".klock.toml";
    private const string UserFile = "klock/config.toml";

    /// <summary>Each setting with its value.</summary>
    /// <param name="top">The top of the work tree; null outside of any.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: a file cannot be read, or a value is none that is allowed.
    /// The message says which, where, and what is.</exception>
    public static IReadOnlyList<SettingValue> Read(string? top, Func<string, string?> environment)
    {
        SettingsFile[] users = [.. UserPath(environment) is { } user ? SettingsFile.Read(user) : []];
        SettingsFile[] own = [.. users, .. In(top)];

        // One file has the names that all work trees agree on.
        SettingsFile[] common = SettingsTop.OfRepository(top) is { } first && first != top ? [.. users, .. In(first)] : own;
        return [.. Setting.All.Select(setting => Checked(ValueOf(setting, setting.IsCommon ? common : own, environment)))];
    }

    /// <summary>The settings as the policy takes them.</summary>
    public static HookSettings ToHookSettings(IReadOnlyList<SettingValue> values)
    {
        string Value(string name) => values.First(value => value.Setting.Name == name).Value;
        return new HookSettings
        {
            IsOn = Value("hooks") == "on",
            WaitMs = Durations.ToMs(Value("wait"))!.Value,
            IdleMs = Durations.ToMs(Value("idle"))!.Value,
            BlocksOnFailure = Value("on_failure") == "block",
            FencesShell = Value("shell") == Setting.Fence,
            WorkTrees = Value("worktrees"),
        };
    }

    private static SettingsFile[] In(string? top) =>
        top is null ? [] : SettingsFile.Read(Path.Combine(top, RepositoryFile));

    // XDG Base Directory Specification: settings are in $XDG_CONFIG_HOME, by default ~/.config.
    private static string? UserPath(Func<string, string?> environment) =>
        environment("XDG_CONFIG_HOME") is { } given && Path.IsPathRooted(given) ? Path.Combine(given, UserFile)
        : UserHome.In(environment) is { } home ? Path.Combine(home, ".config", UserFile)
        : null;

    private static SettingValue ValueOf(Setting setting, SettingsFile[] files, Func<string, string?> environment)
    {
        if (environment(setting.Variable) is { Length: > 0 } said)
        {
            return new SettingValue(setting, said, setting.Variable);
        }

        return files.FirstOrDefault(file => file.Values.ContainsKey(setting.Name)) is { } file
            ? new SettingValue(setting, file.Values[setting.Name], file.Path)
            : new SettingValue(setting, setting.Usual, "default");
    }

    private static SettingValue Checked(SettingValue value)
    {
        string name = value.From == value.Setting.Variable ? value.From : $"{value.From}: {value.Setting.Name}";
        return value.Setting.Problem(value.Value) is { } problem
            ? throw new KlockException(ErrorCode.InvalidRequest, $"{name} is '{value.Value}': it {problem}.")
            : value;
    }
}
