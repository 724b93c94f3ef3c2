using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>Which agents there are: who appears, who is over.</summary>
internal static class Roster
{
    /// <summary>Notes that the agent of an event was heard of; at its first lease in a store it gets its priority there.</summary>
    /// <remarks>A subagent has the priority of its session's main agent, which is when that first appeared (SPEC section 9).</remarks>
    public static void See(Hook hook, Place place)
    {
        AgentMemory memory = place.Memory;
        Place home = hook.Places.Of(hook.Happened.Folder);
        if (place != home && place.Where.IsRepository)
        {
            // Later events of the session are in its own folder, and have to find what it has elsewhere.
            home.Memory.AddPlace(hook.Happened.MainAgentId, place.Where.Folder, hook.NowMs);
        }

        if (memory.FindAgent(hook.Agent) is { } known)
        {
            memory.SeeAgent(known with { SeenAtMs = hook.NowMs }, hook.Process, hook.ProcessStarted);
            return;
        }

        string main = hook.Happened.MainAgentId;
        long priority = memory.FindAgent(main)?.Priority ?? hook.NowMs;
        foreach (string agent in new[] { main, hook.Agent }.Distinct())
        {
            if (memory.FindAgent(agent) is null)
            {
                memory.SeeAgent(new KnownAgent(agent, main, priority, hook.NowMs), hook.Process, hook.ProcessStarted);
                place.Leases.Register(agent, priority);
            }
        }
    }

    /// <summary>Ends the leases of one agent, wherever it has any.</summary>
    public static void EndAgent(Hook hook, string agent)
    {
        string main = hook.Happened.MainAgentId;
        Place home = hook.Places.Of(hook.Happened.Folder);
        foreach (Place place in hook.Places.All(hook.Happened))
        {
            End(place, agent);
            if (agent != main)
            {
                place.Memory.SetOver(agent);
            }

            if (place != home && place.Memory.AgentsOf(main).All(each => place.Memory.LeasesOf(each.Agent).Count == 0))
            {
                home.Memory.RemovePlace(main, place.Where.Folder);
            }
        }
    }

    /// <summary>Ends a session: the leases of its main agent and of all its subagents.</summary>
    public static void EndSession(Hook hook, string main)
    {
        foreach (Place place in hook.Places.All(hook.Happened))
        {
            foreach (KnownAgent agent in place.Memory.AgentsOf(main))
            {
                End(place, agent.Agent);
            }

            place.Memory.ForgetSession(main);
        }
    }

    /// <summary>Ends what earlier sessions of the same process left: a client that goes on under a new id has ended the old one.</summary>
    public static void EndEarlierSessions(Hook hook)
    {
        foreach (Place place in hook.Places.All(hook.Happened))
        {
            foreach (KnownAgent agent in place.Memory.OthersOfProcess(hook.Process, hook.ProcessStarted, hook.Happened.MainAgentId))
            {
                EndSession(hook, agent.Main);
            }
        }
    }

    private static void End(Place place, string agent)
    {
        // Also when none is known here: a hook that was killed may have got one. In the store first,
        // since nobody ends what is forgotten here.
        place.Leases.EndSession(agent);
        place.Memory.RemoveLeasesOf(agent);
    }
}
