using System.Globalization;

namespace Klock.Storage.Sqlite.Holders;

/// <summary>Finds out whether a process group has any living member (setpgid(2)).</summary>
internal static class ProcessGroup
{
    private const int FirstProcess = 1;

    /// <summary>Whether any of its processes lives. Anything unknown counts as alive.</summary>
    /// <remarks>
    /// Its number is not reused as long as any member is there. Zombies are there too: in a container whose first process does not reap
    /// them, for good. So they are distinguished from living members, but only when the group still exists.
    /// </remarks>
    public static bool IsAlive(int group) => ProcessStatus.Exists(-group) && HasLivingMember(group);

    private static bool HasLivingMember(int group)
    {
        // Where processes of other users are hidden (hidepid in proc(5)), members may be hidden too.
        if (ProcessStatus.Read(group) is { HasExited: false } || ProcessStatus.Read(FirstProcess) is null)
        {
            return true;
        }

        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && ProcessStatus.Read(pid) is { HasExited: false } status && status.Group == group)
            {
                return true;
            }
        }

        return false;
    }
}
