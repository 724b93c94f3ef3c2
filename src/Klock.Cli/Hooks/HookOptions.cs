using Klock.Agents.Settings;

namespace Klock.Cli.Hooks;

/// <summary>The settings of hooks in a folder.</summary>
internal static class HookOptions
{
    /// <summary>The settings in force where this process runs.</summary>
    /// <exception cref="Coordinator.Protocol.KlockException">A value is none that is allowed, or a file cannot be read.</exception>
    public static HookSettings Read(Func<string, string?> environment) =>
        SettingValues.ToHookSettings(SettingValues.Read(InstallScopes.Of(isUser: false).Folder, environment));
}
