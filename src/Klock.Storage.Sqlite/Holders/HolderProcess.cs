namespace Klock.Storage.Sqlite.Holders;

/// <summary>A process of one boot, distinguished from a later one that got its number.</summary>
/// <param name="Boot">The boot of the machine.</param>
/// <param name="Namespace">The process namespace of its number (pid_namespaces(7)).</param>
/// <param name="Pid">Its number.</param>
/// <param name="StartedAt">When it started, in clock ticks since the boot (proc_pid_stat(5), field 22).</param>
/// <param name="Group">The process group that it started, which holds with it and may outlive it; 0 when there is none.</param>
internal sealed record HolderProcess(string Boot, string Namespace, int Pid, long StartedAt, int Group)
{
    /// <summary>This process; null where the system does not report enough to judge others by.</summary>
    public static HolderProcess? Current { get; } = ReadCurrent();

    /// <summary>
    /// Whether it is provably gone, which can be judged only from its own boot and namespace. Anything unknown counts as alive.
    /// </summary>
    public bool IsGone()
    {
        if (Current is null || Boot != Current.Boot || Namespace != Current.Namespace)
        {
            return false;
        }

        bool isGone = ProcessStatus.Read(Pid) is not { } status
            ? !ProcessStatus.Exists(Pid)
            : status.HasExited || status.StartedAt != StartedAt;
        return isGone && (Group == 0 || !ProcessGroup.IsAlive(Group));
    }

    /// <summary>Whether it is the same process, whatever it has started.</summary>
    public bool IsSameProcess(HolderProcess other) => this with { Group = other.Group } == other;

    /// <summary>This process together with a group that it started.</summary>
    public HolderProcess With(int group) => this with { Group = group };

    private static HolderProcess? ReadCurrent()
    {
        try
        {
            string? space = File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name;
            return Holders.Boot.Id is { } boot && space is not null && ProcessStatus.Read(Environment.ProcessId) is { } status
                ? new HolderProcess(boot, space, Environment.ProcessId, status.StartedAt, Group: 0)
                : null;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
