using Klock.Agents.Settings;
using Klock.Client.Places;

namespace Klock.Cli.Naming;

/// <summary>What names of files depend on besides the files.</summary>
internal static class Surroundings
{
    /// <summary>
    /// An environment variable; for whether work trees share names also what a settings file says, as it holds for hooks.
    /// </summary>
    /// <exception cref="Coordinator.Protocol.KlockException">A settings file cannot be read, or has a wrong value.</exception>
    public static string? Variable(string name) => name == WorkTreeNaming.Variable
        ? HookSettings.In(WorkingDirectory.Current().Path, Environment.GetEnvironmentVariable).WorkTrees
        : Environment.GetEnvironmentVariable(name);
}
