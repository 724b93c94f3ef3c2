using Klock.Agents.Content;
using Klock.Agents.Leases;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>Takes the leases that a tool call needs, all or none; waits for them in the hook.</summary>
internal static class LeaseTaker
{
    /// <summary>
    /// How long the leases of an edit last, in ms: while a tool runs nobody renews them. They end with the client's process too.
    /// </summary>
    public const long EditMs = 10 * 60 * 1000;

    // What a model may ask for as a command's limit has none; a lease's ttl has.
    private const long MostMs = Coordinator.Protocol.Limits.TtlMs;

    // Each ends the windows of sixteen others at the most: the answer names no more of them.
    private const int MostRounds = 64;

    /// <summary>Takes leases.</summary>
    /// <param name="hook">For whom.</param>
    /// <param name="wishes">Which.</param>
    /// <returns>Who is in the way; null when all was granted.</returns>
    public static Refusal? Take(Hook hook, IReadOnlyList<Wish> wishes)
    {
        long ttlMs = hook.Happened.Tool?.Command is null ? EditMs : hook.Happened.Tool.LimitMs ?? hook.Client.CommandLimitMs;
        List<Taken> taken = [];
        long start = hook.Clock.GetTimestamp();
        try
        {
            return TakeAll(hook, wishes, Math.Clamp(ttlMs, EditMs, MostMs), start, taken);
        }
        catch
        {
            GiveBack(taken, from: 0);
            throw;
        }
    }

    private static Refusal? TakeAll(Hook hook, IReadOnlyList<Wish> wishes, long ttlMs, long start, List<Taken> taken)
    {
        foreach (IGrouping<Place, Wish> group in wishes.DistinctBy(wish => (wish.Place, wish.Wanted.Resource)).GroupBy(wish => wish.Place))
        {
            // One wait for all stores together.
            long waitMs = Math.Max(0, hook.Settings.WaitMs - (long)hook.Clock.GetElapsedTime(start).TotalMilliseconds);
            if (TakeIn(hook, group.Key, [.. group], ttlMs, waitMs, taken) is { } refusal)
            {
                // All or none, over two stores as well.
                GiveBack(taken, from: 0);
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? TakeIn(Hook hook, Place place, List<Wish> wishes, long ttlMs, long waitMs, List<Taken> taken)
    {
        Roster.See(hook, place);
        int before = taken.Count;
        List<Wish> missing = wishes.FindAll(wish => !TryUseOwn(hook, wish, ttlMs, taken));
        if (missing.Count == 0)
        {
            return null;
        }

        AcquireAnswer answer = Ask(hook, place, missing, ttlMs, waitMs: 0);
        bool isContended = !answer.IsGranted;
        if (isContended)
        {
            // Who holds nothing is parked, not refused with DIE; so what it had of its own is asked for again with the rest.
            GiveBack(taken, before);
            EditWindow.EndOwnIdle(hook, place);
            missing = wishes.FindAll(wish => !TryUseOwn(hook, wish, ttlMs, taken));
            answer = AskUntilNoneIsIdle(place, () => Ask(hook, place, missing, ttlMs, waitMs: 0));
        }

        if (!answer.IsGranted && waitMs > 0)
        {
            answer = Notices.WhileWaiting(
                hook, place, answer.Obstacles, missing.ConvertAll(wish => wish.Shown),
                () => Ask(hook, place, missing, ttlMs, waitMs));
        }

        if (!answer.IsGranted)
        {
            return new Refusal(missing, answer, place);
        }

        for (int i = 0; i < missing.Count; i++)
        {
            // Whoever was in the way may have written meanwhile, and the agent does not know that content.
            Wish wish = isContended && missing[i].Before is not null
                ? missing[i] with { Before = ContentHash.Of(missing[i].Path) } : missing[i];
            var lease = new HookLease(
                answer.LeaseIds[i], hook.Agent, wish.Wanted.Resource, wish.Path, wish.Wanted.Predicate, hook.Call, hook.NowMs, wish.Before,
                wish.IsWhole);
            if (place.Memory.AddLease(lease))
            {
                taken.Add(new Taken(place, lease, IsNew: true));
            }
            else
            {
                place.Leases.Release(lease.LeaseId);
            }
        }

        return null;
    }

    /// <summary>Asks for leases, and ends those of others that are idle and in the way: whoever is idle need not be waited for.</summary>
    /// <param name="place">In which store.</param>
    /// <param name="ask">Asks, and does not wait.</param>
    public static AcquireAnswer AskUntilNoneIsIdle(Place place, Func<AcquireAnswer> ask)
    {
        for (int round = 0; ; round++)
        {
            AcquireAnswer answer = ask();
            bool isEnded = false;
            foreach (Obstacle obstacle in answer.Obstacles)
            {
                isEnded |= EditWindow.TryEndIdle(place, obstacle.AgentId, obstacle.Resource);
            }

            if (answer.IsGranted || !isEnded || round == MostRounds)
            {
                return answer;
            }
        }
    }

    private static AcquireAnswer Ask(Hook hook, Place place, List<Wish> missing, long ttlMs, long waitMs) =>
        place.Leases.Acquire(hook.Agent, missing.ConvertAll(wish => wish.Wanted), ttlMs, waitMs, note: null, hook.Cancel);

    // The call is not to run: its leases end. One that another call of the same agent uses goes back to that.
    private static void GiveBack(List<Taken> taken, int from)
    {
        foreach ((Place place, HookLease lease, bool isNew) in taken.Skip(from))
        {
            if (isNew || lease.IsIdle)
            {
                place.Leases.Release(lease.LeaseId);
                place.Memory.RemoveLease(lease.LeaseId);
            }
            else
            {
                place.Memory.TryUse(lease);
            }
        }

        taken.RemoveRange(from, taken.Count - from);
    }

    // Its own lease, idle or not, is used again, if it is still there.
    private static bool TryUseOwn(Hook hook, Wish wish, long ttlMs, List<Taken> taken)
    {
        AgentMemory memory = wish.Place.Memory;
        if (memory.FindLease(hook.Agent, wish.Wanted.Resource) is not { } own
            || !memory.TryUse(own with
            {
                Predicate = wish.Wanted.Predicate, Call = hook.Call, Before = wish.Before, IsWhole = wish.IsWhole,
            }))
        {
            return false;
        }

        if (wish.Place.Leases.Renew(own.LeaseId, ttlMs)
            && (own.Predicate == wish.Wanted.Predicate || wish.Place.Leases.Change(own.LeaseId, wish.Wanted.Predicate)))
        {
            taken.Add(new Taken(wish.Place, own, IsNew: false));
            return true;
        }

        memory.RemoveLease(own.LeaseId);
        wish.Place.Leases.Release(own.LeaseId);
        return false;
    }

    // A lease of this call; one that the agent had already as it was before.
    private sealed record Taken(Place Place, HookLease Lease, bool IsNew);
}
