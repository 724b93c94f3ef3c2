using Klock.Agents.Changes;
using Klock.Agents.Content;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>
/// Keeps an agent from writing over what it has not seen: a tool that replaces a file's whole content is blocked when the content is
/// another's since the agent last read or wrote it.
/// </summary>
internal static class StaleGuard
{
    /// <summary>Whether such a change replaces content without looking at it.</summary>
    public static bool Guards(ChangeKind kind) => kind is ChangeKind.Overwrite or ChangeKind.Create;

    /// <summary>Notes that the event's agent is about to read files.</summary>
    public static void NoteReads(Hook hook, IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            // Before the read: should the file change just then, the agent counts as knowing the older content, and reads once more.
            if (hook.Places.TryFind(path, hook.Happened) is { } target
                && ContentHash.Of(target.Path) is { } hash && hash != ContentHash.Missing)
            {
                Roster.See(hook, target.Place);
                target.Place.Memory.SetContent(hook.Agent, target.Resource, hash, hook.NowMs);
            }
        }
    }

    /// <summary>Why a file must be read again before it is replaced; null when it need not.</summary>
    /// <param name="hook">The event.</param>
    /// <param name="target">The file.</param>
    /// <param name="now">The hash of its content, looked at while the agent holds the lease.</param>
    public static string? Problem(Hook hook, Target target, string? now)
    {
        AgentMemory memory = target.Place.Memory;
        string? known = memory.FindContent(hook.Agent, target.Resource);
        Writer? writer = memory.FindWriter(target.Resource);
        bool isOthers = writer is not null && writer.Agent != hook.Agent && writer.Hash == now;

        // What an agent never read is its own affair, unless another agent wrote what stands there.
        return now is null || now == ContentHash.Missing || now == known || (known is null && !isOthers) ? null
            : Messages.Stale(target.Shown, isOthers ? writer : null);
    }
}
