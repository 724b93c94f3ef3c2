using Klock.Agents.Content;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>
/// What becomes of a lease once its tool is done: it stays for a little, so that a series of edits is one critical section, and ends as
/// soon as somebody else waits.
/// </summary>
internal static class EditWindow
{
    // What no content has for a hash: the agent must read the file before it may replace it.
    private const string UnknownContent = "?";

    // The store wants some time to live.
    private const long ShortestMs = 1_000;

    /// <summary>How long a window is, in ms.</summary>
    public static long LengthMs(Hook hook) => Math.Max(hook.Settings.IdleMs, ShortestMs);

    /// <summary>The agent's tool calls are over: their leases become idle.</summary>
    /// <param name="hook">The event.</param>
    /// <param name="isOver">Which calls.</param>
    public static void Finish(Hook hook, Func<string, bool> isOver)
    {
        foreach (Place place in hook.Places.All(hook.Happened))
        {
            foreach (HookLease lease in place.Memory.LeasesOf(hook.Agent))
            {
                if (!lease.IsIdle && isOver(lease.Call))
                {
                    Finish(hook, place, lease);
                }
            }
        }
    }

    /// <summary>The event's tool call was blocked after its leases were granted: they end at once.</summary>
    public static void Drop(Hook hook)
    {
        foreach (Place place in hook.Places.All(hook.Happened))
        {
            foreach (HookLease lease in place.Memory.LeasesOf(hook.Agent).Where(lease => lease.Call == hook.Call))
            {
                End(place, lease);
            }
        }
    }

    /// <summary>Ends the idle leases of an agent.</summary>
    public static void EndOwnIdle(Caller caller, Place place)
    {
        foreach (HookLease lease in place.Memory.LeasesOf(caller.Agent))
        {
            EndIfIdle(place, lease);
        }
    }

    /// <summary>Ends the lease of another agent if no tool uses it. Returns whether it did.</summary>
    public static bool TryEndIdle(Place place, string agent, string resource) =>
        place.Memory.FindLease(agent, resource) is { } lease && EndIfIdle(place, lease);

    private static bool EndIfIdle(Place place, HookLease lease)
    {
        if (!place.Memory.TryTakeIdle(lease.LeaseId))
        {
            return false;
        }

        place.Leases.Release(lease.LeaseId);
        return true;
    }

    private static void Finish(Hook hook, Place place, HookLease lease)
    {
        // Only of a lease that lasted until now does it hold that nobody else has written.
        if (!place.Leases.Renew(lease.LeaseId, LengthMs(hook)))
        {
            Lose(hook, place, lease);
            return;
        }

        NoteContent(hook, place, lease);
        bool ends = hook.Settings.IdleMs == 0 || place.Leases.IsAwaited(lease.Resource);
        if (!ends && place.Memory.TryIdle(lease.LeaseId, lease.Call))
        {
            return;
        }

        HookLease? now = place.Memory.FindLease(lease.Agent, lease.Resource);
        if (!ends && now is { IsIdle: true })
        {
            return; // another hook of the same event was first
        }

        if (now is { IsIdle: false } && now.Call != lease.Call)
        {
            place.Leases.Renew(lease.LeaseId, LeaseTaker.EditMs); // another call of the agent uses it by now
            return;
        }

        // Somebody waits, or is about to.
        End(place, lease);
    }

    // Another hook of the same event may have ended it.
    private static void Lose(Hook hook, Place place, HookLease lease)
    {
        if (place.Memory.RemoveLease(lease.LeaseId))
        {
            if (lease.Before is not null)
            {
                place.Memory.SetContent(hook.Agent, lease.Resource, UnknownContent, hook.NowMs);
            }

            Notices.AddLost(hook, place, lease);
        }
    }

    private static void End(Place place, HookLease lease)
    {
        place.Leases.Release(lease.LeaseId);
        place.Memory.RemoveLease(lease.LeaseId);
    }

    private static void NoteContent(Hook hook, Place place, HookLease lease)
    {
        if (lease.Before is null || ContentHash.Of(lease.Path) is not { } hash)
        {
            return;
        }

        // Who changed a part of what it did not know does not know the whole.
        string? known = place.Memory.FindContent(hook.Agent, lease.Resource);
        if (lease.IsWhole || known == lease.Before)
        {
            place.Memory.SetContent(hook.Agent, lease.Resource, hash, hook.NowMs);
        }
        else if (known is null && place.Memory.FindWriter(lease.Resource) is { } writer
            && writer.Agent != hook.Agent && writer.Hash == lease.Before)
        {
            place.Memory.SetContent(hook.Agent, lease.Resource, UnknownContent, hook.NowMs);
        }

        if (hash != lease.Before)
        {
            place.Memory.SetWriter(new Writer(hook.Agent, lease.Resource, lease.Path, hash, hook.NowMs));
        }
    }
}
