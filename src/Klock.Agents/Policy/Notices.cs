using Klock.Agents.Leases;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>What an agent gets to know at its next event.</summary>
internal static class Notices
{
    /// <summary>Lets those who are in the way know that somebody waits, as long as a wait lasts.</summary>
    /// <param name="caller">Who waits.</param>
    /// <param name="place">In which store.</param>
    /// <param name="obstacles">Who is in the way.</param>
    /// <param name="files">What is waited for, as it is called to models.</param>
    /// <param name="wait">The wait.</param>
    public static AcquireAnswer WhileWaiting(
        Caller caller, Place place, IReadOnlyList<Obstacle> obstacles, IReadOnlyList<string> files, Func<AcquireAnswer> wait)
    {
        string text = Messages.Awaited(caller.Agent, Messages.Names(files));
        string[] holders = [.. obstacles.Where(obstacle => obstacle.IsHeld).Select(obstacle => obstacle.AgentId).Distinct()
            .Where(agent => place.Memory.FindAgent(agent) is not null)];
        Array.ForEach(holders, agent => place.Memory.AddNotice(agent, text, caller.NowMs));
        try
        {
            return wait();
        }
        finally
        {
            // Whoever has not heard of it by now need not any more.
            Array.ForEach(holders, agent => place.Memory.RemoveNotice(agent, text));
        }
    }

    /// <summary>Lets the event's agent know that a lease of it was over before its tool was.</summary>
    public static void AddLost(Hook hook, Place place, HookLease lease) =>
        place.Memory.AddNotice(hook.Agent, Messages.Lost(lease.Resource), hook.NowMs);

    /// <summary>
    /// Takes out what the event's agent should know; null for nothing. It stays at an event at which the client does not
    /// show it to its model.
    /// </summary>
    public static string? Take(Hook hook)
    {
        if (!hook.Client.CanSay(hook.Happened.Kind))
        {
            return null;
        }

        List<string> texts = [];
        foreach (Place place in hook.Places.All(hook.Happened))
        {
            texts.AddRange(place.Memory.TakeNotices(hook.Agent));
        }

        return texts.Count == 0 ? null : string.Join('\n', texts);
    }
}
