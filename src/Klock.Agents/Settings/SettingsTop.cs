using Klock.Client.Files;
using Klock.Client.Git;
using Klock.Coordinator.Protocol;

namespace Klock.Agents.Settings;

/// <summary>Where the settings of a repository are.</summary>
internal static class SettingsTop
{
    /// <summary>
    /// Where the settings are on which all work trees of a repository must agree: the top of its first one; where that is not known, the
    /// folder itself.
    /// </summary>
    public static string? OfRepository(string? folder)
    {
        try
        {
            return folder is null || RepositoryFinder.Of(RealPath.Resolve(folder)) is not { } found ? folder
                : WorkTrees.First(found.Common) ?? folder;
        }
        catch (Exception unknown) when (unknown is IOException or KlockException)
        {
            return folder; // whoever needs a name is told
        }
    }

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
