using Klock.Agents.Changes;
using Klock.Agents.Content;
using Klock.Agents.Memory;
using Klock.Agents.Processes;
using Klock.Agents.Shell.Findings;

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
    public static string? OfTool(Hook hook, IEnumerable<FileChange> changes) =>
        Replaced(changes, kind => kind is ChangeKind.Overwrite or ChangeKind.Create)
            .Select(path => Problem(hook, path, isCommand: false)).FirstOrDefault(problem => problem is not null);

    /// <summary>The same of a shell command.</summary>
    /// <param name="hook">The event, whose agent holds the leases by now.</param>
    /// <param name="effects">What the command does. What it shows of a file, it need not have read before.</param>
    public static string? OfCommand(Hook hook, ShellEffects effects) =>
        Replaced(effects.Files.Where(change => !change.IsTree), kind => kind is ChangeKind.Overwrite)
            .Except(effects.Reads)
            .Select(path => Problem(hook, path, isCommand: true)).FirstOrDefault(problem => problem is not null);

    private static IEnumerable<string> Replaced(IEnumerable<FileChange> changes, Func<ChangeKind, bool> replaces) =>
        changes.SelectMany(IEnumerable<string> (change) =>
            change.NewPath is { } name ? [name] : replaces(change.Kind) ? [change.Path] : []);

    private static string? Problem(Hook hook, string path, bool isCommand)
    {
        Target target = hook.Places.Find(path, hook.Happened);
        AgentMemory memory = target.Place.Memory;
        Writer? writer = memory.FindWriter(target.Resource) is { } last && last.Agent != hook.Agent ? last : null;

        // Of a file that a command replaces, only what another agent wrote counts: a build writes its outputs and logs again and again, and
        // nobody reads them first. Asked before the content is, since a command may name a thousand files.
        if (isCommand && writer is null)
        {
            return null;
        }

        // Looked at only now: while the agent waited for the lease, somebody else may have written.
        string? now = ContentHash.Of(target.Path);
        string? known = memory.FindContent(hook.Agent, target.Resource);
        if (now is null || now == ContentHash.Missing || now == known)
        {
            return null;
        }

        // What an agent never read is its own affair, unless another agent wrote what stands there.
        Writer? other = writer?.Hash == now ? writer : null;
        bool isStale = isCommand ? other is not null && !IsIgnored(target.Path) : other is not null || known is not null;
        return isStale ? Messages.Stale(target.Shown, other) : null;
    }

    // Where git cannot say, no file is ignored.
    private static bool IsIgnored(string path)
    {
        try
        {
            return Path.GetDirectoryName(path) is { } folder && GitProgram.Run(folder, "check-ignore", "-q", "--", path).ExitCode == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
