using Klock.Agents.Settings;
using Klock.Client.Places;

namespace Klock.Cli.Hooks;

/// <summary>The settings of hooks in a folder.</summary>
internal static class HookOptions
{
    /// <summary>The settings in force in a folder.</summary>
    /// <param name="folder">The folder: an absolute path.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="Coordinator.Protocol.KlockException">A value is none that is allowed, or a file cannot be read.</exception>
    public static HookSettings Read(string folder, Func<string, string?> environment) =>
        SettingValues.ToHookSettings(SettingValues.Read(SettingsTop.Of(folder), environment));

    /// <summary>A variable of the environment. What a settings file says of work trees holds as if its variable were set.</summary>
    public static string? Variable(string name, HookSettings settings) =>
        name == WorkTreeNaming.Variable ? settings.WorkTrees : Environment.GetEnvironmentVariable(name);
}
