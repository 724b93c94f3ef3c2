using Klock.Agents.Changes;
using Klock.Agents.Content;
using Klock.Agents.Events;
using Klock.Agents.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Agents.Policy;

/// <summary>
/// An edit tool: it gets leases on every file that it names, and may not write over content that the agent has not seen.
/// </summary>
internal static class EditGuard
{
    /// <summary>Decides before the tool runs.</summary>
    public static Decision Before(Hook hook, ToolUse tool)
    {
        List<(FileChange Change, Target Target)> targets = [.. tool.Changes.Select(change =>
            (change, hook.Places.Find(change.Path, hook.Happened, change.IsTree)))];
        long start = hook.Clock.GetTimestamp();
        if (LeaseTaker.Take(hook, [.. targets.SelectMany(each => Wishes(hook, each.Change, each.Target))]) is { } refusal)
        {
            return Decision.Block(Messages.Refused(refusal, tool.Name, (long)hook.Clock.GetElapsedTime(start).TotalMilliseconds));
        }

        // Only now: while it waited, somebody else may have written.
        IEnumerable<Target> replaced = targets.Where(each => StaleGuard.Guards(each.Change.Kind)).Select(each => each.Target)
            .Concat(tool.Changes.Select(change => change.NewPath).OfType<string>().Select(path => hook.Places.Find(path, hook.Happened)));
        foreach (Target target in replaced)
        {
            if (StaleGuard.Problem(hook, target, ContentHash.Of(target.Path)) is { } problem)
            {
                EditWindow.Drop(hook);
                return Decision.Block(problem);
            }
        }

        return Decision.Allow;
    }

    /// <summary>The leases that a change needs.</summary>
    public static IEnumerable<Wish> Wishes(Hook hook, FileChange change, Target target)
    {
        string? now = change.IsTree ? null : ContentHash.Of(target.Path);
        Predicate predicate = change.Kind switch
        {
            ChangeKind.Delete => Predicate.Deletes,
            ChangeKind.Rename => Predicate.Renames,
            _ when now == ContentHash.Missing => Predicate.Provides,
            _ => Predicate.Mutates,
        };
        yield return WishFor(target, predicate, now, change.Kind is ChangeKind.Overwrite or ChangeKind.Create);
        if (change.NewPath is { } path)
        {
            Target renamed = hook.Places.Find(path, hook.Happened, change.IsTree);
            string? there = change.IsTree ? null : ContentHash.Of(renamed.Path);
            yield return WishFor(
                renamed, there is null or ContentHash.Missing ? Predicate.Provides : Predicate.Mutates, there, isWhole: true);
        }
    }

    private static Wish WishFor(Target target, Predicate predicate, string? before, bool isWhole) => new(
        target.Place, new WantedResource(ResourceType.File.ToName(), target.Name, predicate.ToName()), target.Path, target.Shown, before,
        isWhole);
}
