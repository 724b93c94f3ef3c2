using Klock.Agents.Events;
using Klock.Agents.Leases;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>
/// Tells an agent whose tool was refused when it may try again, if its client can be woken: a hook of it waits in the background until
/// what was refused is free, and keeps it for as long as an edit window lasts.
/// </summary>
internal static class WakeUp
{
    // Beside the agent and not in its way: no place in a queue, in which an agent that goes on with other work would stand for nothing.
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);

    /// <summary>Blocks a tool whose leases were refused.</summary>
    public static Decision Block(Hook hook, Refusal refusal, string tool, TimeSpan waited)
    {
        bool isWoken = hook.Client.CanWake(hook.Environment);
        if (isWoken)
        {
            Home(hook).AddRefusal(hook.Agent, hook.Call, hook.NowMs);
        }

        return Decision.Block(Messages.Refused(refusal, tool, waited, isWoken));
    }

    /// <summary>Waits until one of the calls of the event's batch that were refused may be made.</summary>
    /// <returns>What the agent is told; null when nothing was refused, or the agent has gone on by itself.</returns>
    public static string? Wait(Hook hook)
    {
        List<IReadOnlyList<Wish>> refused = hook.Client.CanWake(hook.Environment)
            ? [.. hook.Happened.Batch.Where(tool => Home(hook).TakeRefusal(hook.Agent, tool.CallId)).Select(tool => WishesOf(hook, tool))]
            : [];
        AgentMemory home = Home(hook);
        long began = hook.NowMs;
        foreach (Wish wish in refused.SelectMany(wishes => wishes))
        {
            home.BeginWaiting(hook.Agent, wish.Wanted.Resource, began);
        }

        // Of an agent that tries again and again the last hook waits, and not one for each try.
        bool IsOver(Wish wish) => IsHad(hook, wish) || !home.IsWaiting(hook.Agent, wish.Wanted.Resource, began);
        while (refused.RemoveAll(wishes => wishes.All(IsOver)) >= 0 && refused.Count > 0)
        {
            if (home.FindStanding(hook.Agent) is not { IsOver: false })
            {
                return null; // it is over, or its session is
            }

            if (refused.Find(wishes => wishes.All(wish => IsFree(hook, wish)) && TryKeep(hook, wishes)) is { } free)
            {
                return Messages.Free(free);
            }

            if (hook.Cancel.WaitHandle.WaitOne(_look))
            {
                return null;
            }
        }

        return null;
    }

    private static AgentMemory Home(Hook hook) => hook.Places.Of(hook.Happened.Folder).Memory;

    private static IReadOnlyList<Wish> WishesOf(Hook hook, ToolUse tool) => tool.Command is not null
        ? ShellGuard.WishesOf(hook, tool, out _) : WishList.Of(hook, tool.Changes, [], [], hook.Happened.Folder);

    private static bool IsHad(Hook hook, Wish wish) => wish.Place.Memory.FindLease(hook.Agent, wish.Wanted.Resource) is not null;

    // To look leaves no trace in the store's history. An agent that waits for something else would be refused that if it got a lease here.
    private static bool IsFree(Hook hook, Wish wish) =>
        wish.Place.Leases.HeldAt(wish.Wanted.Resource).All(held => held.AgentId == hook.Agent)
        && !wish.Place.Leases.IsAwaited(wish.Wanted.Resource)
        && wish.Place.Leases.Waiting(null).All(waiting => waiting.AgentId != hook.Agent);

    // All or none, like the leases of the call itself.
    private static bool TryKeep(Hook hook, IReadOnlyList<Wish> wishes)
    {
        List<(Place Place, HookLease Lease)> kept = [];
        foreach (IGrouping<Place, Wish> group in wishes.Where(wish => !IsHad(hook, wish)).GroupBy(wish => wish.Place))
        {
            Wish[] wanted = [.. group];
            AcquireAnswer answer = group.Key.Leases.Acquire(
                hook.Agent, [.. wanted.Select(wish => wish.Wanted)], EditWindow.LengthMs(hook), waitMs: 0, note: null, hook.Cancel);
            if (!answer.IsGranted)
            {
                kept.ForEach(each => each.Place.Leases.Release(each.Lease.LeaseId));
                return false;
            }

            kept.AddRange(wanted.Select((wish, i) => (group.Key, new HookLease(
                answer.LeaseIds[i], hook.Agent, wish.Wanted.Resource, wish.Path, wish.Wanted.Predicate, Call: "", hook.NowMs,
                Before: null, IsWhole: false))));
        }

        foreach ((Place place, HookLease lease) in kept.Where(each => !each.Place.Memory.AddLease(each.Lease)))
        {
            place.Leases.Release(lease.LeaseId); // the agent has got one meanwhile
        }

        return true;
    }
}
