namespace Klock.Agents.Doctor;

/// <summary>Hooks that are installed for a project and for the user: a client may run both.</summary>
internal static class Levels
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    /// <summary>What to tell when two programs are called; null for nothing.</summary>
    /// <param name="client">The client.</param>
    /// <param name="programs">How each level starts klock, as a shell reads it.</param>
    public static string? Compare(string client, IReadOnlyList<string> programs)
    {
        if (programs.Distinct(StringComparer.Ordinal).ToArray() is not [{ } project, { } user])
        {
            return null; // one level, or the same words in both: one agent asks twice, and has one lease
        }

        string? first = VersionOf(project), second = VersionOf(user);
        return first is not null && first == second
            ? $"your own hooks start {user} and those of this folder {project}, of one version: both run, and an edit takes one lease, so "
                + "that is harmless"
            : $"your own hooks start {user} ({second ?? "it does not run"}) and those of this folder {project} "
                + $"({first ?? "it does not run"}): both run, so install one version in both: klock install {client} and "
                + $"klock install {client} --user";
    }

    private static string? VersionOf(string program)
    {
        RunResult result = Runner.Run("/bin/sh", ["-c", $"{program} version"], "/", "", new Dictionary<string, string?>(), _limit);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }
}
