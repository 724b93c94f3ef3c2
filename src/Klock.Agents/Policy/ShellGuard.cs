using Klock.Agents.Content;
using Klock.Agents.Events;
using Klock.Agents.Memory;
using Klock.Agents.Shell;
using Klock.Agents.Shell.Findings;
using Klock.Client.Places;

namespace Klock.Agents.Policy;

/// <summary>
/// A shell command: what its text says that it writes is leased before; what it overwrites besides is found afterwards, and can be
/// restored.
/// </summary>
internal static class ShellGuard
{
    // In place of the call of a copy that could not be judged yet: no call has it, so the agent's next event looks again.
    private const string Later = "(later)";

    /// <summary>Decides before a command runs.</summary>
    public static Decision Before(Hook hook, ToolUse tool)
    {
        IReadOnlyList<Wish> wishes = WishesOf(hook, tool, out ShellEffects effects);
        long start = hook.Clock.GetTimestamp();
        if (wishes.Count > 0 && LeaseTaker.Take(hook, wishes) is { } refusal)
        {
            return WakeUp.Block(hook, refusal, tool.Name, hook.Clock.GetElapsedTime(start));
        }

        try
        {
            if (StaleGuard.OfCommand(hook, effects) is { } problem)
            {
                EditWindow.Drop(hook);
                return Decision.Block(problem);
            }

            StaleGuard.NoteReads(hook, effects.Reads.Take(WishList.MostFiles));
            Keep(hook, wishes);
            return Fence(hook, tool.Command!);
        }
        catch
        {
            EditWindow.Drop(hook); // the command does not run
            throw;
        }
    }

    /// <summary>The leases that a command needs, by its text.</summary>
    /// <param name="hook">For whom.</param>
    /// <param name="tool">The command.</param>
    /// <param name="effects">What it is known to do.</param>
    public static IReadOnlyList<Wish> WishesOf(Hook hook, ToolUse tool, out ShellEffects effects)
    {
        string folder = Path.GetFullPath(Path.Combine(hook.Happened.Folder, tool.Folder ?? "."));
        effects = ShellReader.Read(tool.Command!, ContextOf(hook, folder));
        return WishList.Of(hook, effects.Files, effects.Trees, effects.Indexes, folder);
    }

    /// <summary>Looks what the agent's commands overwrote, once they are done.</summary>
    /// <param name="hook">The event.</param>
    /// <param name="isOver">Which calls are done.</param>
    public static void After(Hook hook, Func<string, bool> isOver)
    {
        foreach (Place place in hook.Places.All(hook.Happened))
        {
            foreach (string call in place.Memory.RescueCalls(hook.Agent).Where(isOver))
            {
                foreach (Rescue rescue in place.Memory.TakeRescues(hook.Agent, call))
                {
                    // Who is in the midst of an edit there is noted as its writer only afterwards.
                    if (!IsLast(hook) && place.Memory.IsInUse(rescue.Resource, hook.Agent))
                    {
                        place.Memory.AddRescue(hook.Agent, Later, rescue, hook.NowMs);
                    }
                    else
                    {
                        Compare(hook, place, rescue);
                    }
                }
            }
        }
    }

    private static bool IsLast(Hook hook) => hook.Happened.Kind is AgentEventKind.TurnEnd or AgentEventKind.SubagentEnd;

    private static ShellContext ContextOf(Hook hook, string folder) =>
        new(folder, UserHome.In(hook.Environment), Locator.Here(folder, hook.Environment).Root, new DiskView());

    private static Decision Fence(Hook hook, string command)
    {
        Place place = hook.Places.Of(hook.Happened.Folder);
        return hook.Settings.FencesShell && hook.Client.CanReplaceCommands && !hook.Happened.IsSandboxed
            && OthersFiles.Fenced(hook.Agent, place, hook.Happened.Folder, hook.Environment, hook.NowMs).Count > 0
            ? Decision.Allow with { Command = FencedCommand.Write(hook.Program, hook.Agent, command) }
            : Decision.Allow;
    }

    // Copies of what others hold or last changed, but for the files that the command has leases on: it may write those.
    private static void Keep(Hook hook, IReadOnlyList<Wish> leased)
    {
        Place place = hook.Places.Of(hook.Happened.Folder);
        HashSet<string> own = [.. leased.Where(wish => wish.Before is not null).Select(wish => wish.Wanted.Resource)];
        List<Rescue> found = [.. OthersFiles.Find(hook, place).Where(rescue => !own.Contains(rescue.Resource))];
        if (found.Count == 0)
        {
            return;
        }

        string? top = Locator.Here(hook.Happened.Folder, hook.Environment).Root;
        IReadOnlyList<string?> blobs = GitBlobs.Write(top, found.ConvertAll(rescue => rescue.Path));
        for (int i = 0; i < found.Count; i++)
        {
            place.Memory.AddRescue(hook.Agent, hook.Call, found[i] with { Blob = blobs[i] }, hook.NowMs);
        }
    }

    private static void Compare(Hook hook, Place place, Rescue rescue)
    {
        // Somebody with a lease may have gone on with it meanwhile.
        if (ContentHash.Of(rescue.Path) is not { } now || now == rescue.Hash
            || place.Memory.FindWriter(rescue.Resource)?.Hash == now)
        {
            return;
        }

        string file = Messages.Short(rescue.Resource);

        // With tee and not with ">", which Gemini CLI hands its model as "&gt;".
        string? restore = rescue.Blob is null ? null
            : $"git cat-file blob {rescue.Blob} | tee {ShellWord.Quoted(rescue.Path)}";
        place.Memory.AddNotice(hook.Agent, Messages.Overwrote(file, rescue.Victim, restore), hook.NowMs);
        place.Memory.AddNotice(rescue.Victim, Messages.WasOverwritten(file, hook.Agent, restore), hook.NowMs);
        place.Memory.Count("shell_overwrites", hook.NowMs);
    }
}
