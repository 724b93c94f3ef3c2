using Klock.Agents.Changes;
using Klock.Agents.Content;
using Klock.Agents.Memory;
using Klock.Agents.Shell.Findings;
using Klock.Client.Places;

namespace Klock.Agents.Policy;

/// <summary>
/// Keeps an agent from writing over what it has not seen: a tool that replaces a file's whole content is blocked when the content is
/// another's since the agent last read or wrote it.
/// </summary>
internal static class StaleGuard
{
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

    /// <summary>Why an edit tool must not run: a file that it replaces must be read again. Null when it may.</summary>
    /// <param name="hook">The event, whose agent holds the leases by now.</param>
    /// <param name="changes">What the tool changes.</param>
    public static string? OfTool(Hook hook, IEnumerable<FileChange> changes)
    {
        foreach (string path in Replaced(changes, kind => kind is ChangeKind.Overwrite or ChangeKind.Create))
        {
            Target target = hook.Places.Find(path, hook.Happened);
            if (UnseenContent(hook, target) is { } now)
            {
                // What an agent never read is its own affair, unless another agent wrote what stands there.
                Writer? writer = OtherWriter(hook, target) is { } other && other.Hash == now ? other : null;
                if (writer is not null || target.Place.Memory.FindContent(hook.Agent, target.Resource) is not null)
                {
                    return Messages.Stale(target.Shown, writer);
                }
            }
        }

        return null;
    }

    /// <summary>The same of a shell command: only for what another agent wrote, in a repository, where git does not ignore it.</summary>
    /// <remarks>A build writes its outputs and logs again and again, and nobody reads them first.</remarks>
    /// <param name="hook">The event, whose agent holds the leases by now.</param>
    /// <param name="effects">What the command does. What it shows of a file first, its agent need not have read before.</param>
    public static string? OfCommand(Hook hook, ShellEffects effects)
    {
        List<(Target Target, Writer Writer)> stale = [];
        foreach (string path in Replaced(effects.Files.Where(change => !change.IsTree), kind => kind is ChangeKind.Overwrite)
            .Except(effects.Reads))
        {
            // Who wrote it is asked first: it costs less than to look at the content, and a command may name a thousand files.
            Target target = hook.Places.Find(path, hook.Happened);
            if (target.Place.Where.IsRepository && OtherWriter(hook, target) is { } writer && UnseenContent(hook, target) == writer.Hash)
            {
                stale.Add((target, writer));
            }
        }

        foreach (var group in stale.GroupBy(file => Locator.Here(Path.GetDirectoryName(file.Target.Path), hook.Environment).Root))
        {
            HashSet<string> ignored = GitIgnored.Among(group.Key, [.. group.Select(file => file.Target.Path)]);
            foreach ((Target target, Writer writer) in group.Where(file => !ignored.Contains(file.Target.Path)))
            {
                return Messages.Stale(target.Shown, writer);
            }
        }

        return null;
    }

    private static IEnumerable<string> Replaced(IEnumerable<FileChange> changes, Func<ChangeKind, bool> replaces) =>
        changes.SelectMany(IEnumerable<string> (change) =>
            change.NewPath is { } name ? [name] : replaces(change.Kind) ? [change.Path] : []);

    // The hash of what stands there, if the agent does not know it. Looked at only now: while it waited for the lease, somebody else may
    // have written.
    private static string? UnseenContent(Hook hook, Target target) =>
        ContentHash.Of(target.Path) is { } now && now != ContentHash.Missing
            && now != target.Place.Memory.FindContent(hook.Agent, target.Resource) ? now : null;

    // The last one that changed a file, if that was another agent.
    private static Writer? OtherWriter(Hook hook, Target target) =>
        target.Place.Memory.FindWriter(target.Resource) is { } writer && writer.Agent != hook.Agent ? writer : null;
}
