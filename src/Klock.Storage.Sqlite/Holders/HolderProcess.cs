using System.Globalization;

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
    public static HolderProcess? Current { get; } = Read(Environment.ProcessId);

    /// <summary>What a binding means; null where it means nothing, or the system does not report enough to judge the process by.</summary>
    public static HolderProcess? Of(LeaseBinding binding) =>
        binding.Process == 0 ? null
        : binding.Process == Environment.ProcessId ? Current?.With(binding.Group)
        : Read(binding.Process);

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

    // Of another namespace the numbers mean other processes.
    private static HolderProcess? Read(int pid)
    {
        try
        {
            string? space = SpaceOf(pid);
            return Holders.Boot.Id is { } boot && space is not null && space == SpaceOf(Environment.ProcessId)
                && ProcessStatus.Read(pid) is { HasExited: false } status
                ? new HolderProcess(boot, space, pid, status.StartedAt, Group: 0)
                : null;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? SpaceOf(int pid) => File.ResolveLinkTarget(
        string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/pid"), returnFinalTarget: false)?.Name;
}
