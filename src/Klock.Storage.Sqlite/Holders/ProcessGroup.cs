using System.Globalization;

namespace Klock.Storage.Sqlite.Holders;

/// <summary>Tells whether a process group has anybody in it (setpgid(2)).</summary>
internal static class ProcessGroup
{
    private const int FirstProcess = 1;

    /// <summary>Whether any of its processes lives. Anything unknown counts as alive.</summary>
    /// <remarks>
    /// Its number is nobody else's as long as any of them is there. Processes that have ended, and that nobody has asked how, are
    /// still there: in a container whose first process does not ask, for good. So those are told apart, when it comes to that.
    /// </remarks>
    public static bool IsAlive(int group) => ProcessStatus.Exists(-group) && HasLivingMember(group);

    private static bool HasLivingMember(int group)
    {
        // Where processes of others are hidden (hidepid in proc(5)), members may be too.
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
