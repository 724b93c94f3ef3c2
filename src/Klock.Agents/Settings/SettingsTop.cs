namespace Klock.Agents.Settings;

/// <summary>Where the settings of a repository are.</summary>
internal static class SettingsTop
{
    /// <summary>
    /// The top of the work tree around a folder, and not of a superproject or the main one: its settings are those that a client reads
    /// there. Outside of any the folder itself.
    /// </summary>
    public static string Of(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                return at;
            }
        }

        return folder;
    }
}
