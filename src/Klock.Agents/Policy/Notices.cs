using Klock.Agents.Leases;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>What an agent gets to know at its next event.</summary>
internal static class Notices
{
    /// <summary>Tells one who is in the way that somebody waits.</summary>
    public static void TellHolder(Hook hook, Place place, Obstacle obstacle, IReadOnlyList<Wish> wishes)
    {
        if (obstacle.IsHeld && place.Memory.FindAgent(obstacle.AgentId) is not null)
        {
            place.Memory.AddNotice(
                obstacle.AgentId, Messages.Awaited(hook.Agent, string.Join(", ", wishes.Select(wish => wish.Shown))), hook.NowMs);
        }
    }

    /// <summary>Tells the event's agent that a lease of it was over before its tool was.</summary>
    public static void TellLost(Hook hook, Place place, HookLease lease) =>
        place.Memory.AddNotice(hook.Agent, Messages.Lost(lease.Resource), hook.NowMs);

    /// <summary>
    /// Takes out what the event's agent should know; null for nothing. At an event at which the client would not tell its model, it stays.
    /// </summary>
    public static string? Take(Hook hook)
    {
        if (!hook.Client.CanSay(hook.Happened.Kind))
        {
            return null;
        }

        List<string> texts = [];
        foreach (Place place in hook.Places.All(hook.Happened.Folder))
        {
            texts.AddRange(place.Memory.TakeNotices(hook.Agent));
        }

        return texts.Count == 0 ? null : string.Join('\n', texts);
    }
}
