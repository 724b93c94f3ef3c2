using Klock.Agents.Leases;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>Takes the leases that a tool call needs, all or none; waits for them in the hook.</summary>
internal static class LeaseTaker
{
    // While a tool runs, nobody renews its leases: they last as long as the client lets it run, and end with the client's process.
    private const long EditMs = 10 * 60 * 1000;

    /// <summary>Takes leases.</summary>
    /// <param name="hook">For whom.</param>
    /// <param name="wishes">Which.</param>
    /// <returns>Who is in the way; null when all was granted.</returns>
    public static Refusal? Take(Hook hook, IReadOnlyList<Wish> wishes)
    {
        long ttlMs = hook.Happened.Tool?.Command is null ? EditMs : hook.Happened.Tool.LimitMs ?? hook.Client.CommandLimitMs;
        List<(Place Place, string LeaseId)> taken = [];
        foreach (IGrouping<Place, Wish> group in wishes.GroupBy(wish => wish.Place))
        {
            if (TakeIn(hook, group.Key, [.. group], Math.Max(ttlMs, EditMs), taken) is { } refusal)
            {
                // All or none, over two stores as well.
                foreach ((Place place, string leaseId) in taken)
                {
                    place.Leases.Release(leaseId);
                    place.Memory.RemoveLease(leaseId);
                }

                return refusal;
            }
        }

        return null;
    }

    private static Refusal? TakeIn(Hook hook, Place place, List<Wish> wishes, long ttlMs, List<(Place, string)> taken)
    {
        Roster.See(hook, place);
        List<Wish> missing = wishes.FindAll(wish => !TryUseOwn(hook, wish, ttlMs));
        if (missing.Count == 0)
        {
            return null;
        }

        List<WantedResource> wanted = missing.ConvertAll(wish => wish.Wanted);
        AcquireAnswer answer = place.Leases.Acquire(hook.Agent, wanted, ttlMs, waitMs: 0, note: null, hook.Cancel);
        if (!answer.IsGranted)
        {
            // Who holds nothing is parked, not told to give way; and whoever is idle need not be waited for, by one who may not wait either.
            EditWindow.EndOwnIdle(hook, place);
            foreach (Obstacle obstacle in answer.Obstacles)
            {
                if (!EditWindow.TryEndIdle(place, obstacle.AgentId, obstacle.Resource) && hook.Settings.WaitMs > 0)
                {
                    Notices.TellHolder(hook, place, obstacle, missing);
                }
            }

            answer = place.Leases.Acquire(hook.Agent, wanted, ttlMs, hook.Settings.WaitMs, note: null, hook.Cancel);
        }

        if (!answer.IsGranted)
        {
            return new Refusal(missing, answer, place);
        }

        for (int i = 0; i < missing.Count; i++)
        {
            Wish wish = missing[i];
            var lease = new HookLease(
                answer.LeaseIds[i], hook.Agent, wish.Wanted.Resource, wish.Path, wish.Wanted.Predicate, hook.Call, hook.NowMs, wish.Before,
                wish.IsWhole);
            if (place.Memory.AddLease(lease))
            {
                taken.Add((place, lease.LeaseId));
            }
            else
            {
                place.Leases.Release(lease.LeaseId);
            }
        }

        return null;
    }

    // Its own lease, idle or not, is used again, if it is still there.
    private static bool TryUseOwn(Hook hook, Wish wish, long ttlMs)
    {
        AgentMemory memory = wish.Place.Memory;
        if (memory.FindLease(hook.Agent, wish.Wanted.Resource) is not { } own || !memory.TryUse(own.LeaseId, hook.Call, wish.Before))
        {
            return false;
        }

        if (wish.Place.Leases.Renew(own.LeaseId, ttlMs)
            && (own.Predicate == wish.Wanted.Predicate || wish.Place.Leases.Change(own.LeaseId, wish.Wanted.Predicate)))
        {
            memory.AddLease(own with { Predicate = wish.Wanted.Predicate, Call = hook.Call, Before = wish.Before, IsWhole = wish.IsWhole });
            return true;
        }

        memory.RemoveLease(own.LeaseId);
        wish.Place.Leases.Release(own.LeaseId);
        return false;
    }
}
