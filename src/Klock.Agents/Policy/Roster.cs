using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>Which agents there are: who appears, who is over.</summary>
internal static class Roster
{
    /// <summary>Notes that the agent of an event was heard of; at its first lease in a store it gets its priority there.</summary>
    /// <remarks>A subagent has the priority of its session's main agent, which is when that first appeared (SPEC section 9).</remarks>
    public static void See(Caller caller, Place place)
    {
        AgentMemory memory = place.Memory;
        Place home = caller.Places.Of(caller.Happened.Folder);
        if (place != home && place.Where.IsRepository)
        {
            // Later events of the session are in its own folder, and have to find what it has elsewhere.
            home.Memory.AddPlace(caller.Happened.MainAgentId, place.Where.Folder, caller.NowMs);
        }

        if (memory.FindAgent(caller.Agent) is { } known)
        {
            memory.SeeAgent(known with { SeenAtMs = caller.NowMs }, caller.Process, caller.ProcessStarted);
            return;
        }

        string main = caller.Happened.MainAgentId;
        long priority = memory.FindAgent(main)?.Priority ?? caller.NowMs;
        foreach (string agent in new[] { main, caller.Agent }.Distinct())
        {
            if (memory.FindAgent(agent) is null)
            {
                memory.SeeAgent(new KnownAgent(agent, main, priority, caller.NowMs), caller.Process, caller.ProcessStarted);
                place.Leases.Register(agent, priority);
            }
        }
    }

    /// <summary>Ends the leases of one agent, wherever it has any.</summary>
    /// <param name="hook">The event.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="keepsClaims">Whether it keeps what it has claimed ahead (<c>klock_claim</c>): that lasts as long as its session.
    /// </param>
    public static void EndAgent(Hook hook, string agent, bool keepsClaims = false)
    {
        string main = hook.Happened.MainAgentId;
        Place home = hook.Places.Of(hook.Happened.Folder);
        foreach (Place place in hook.Places.All(hook.Happened))
        {
            End(place, agent, keepsClaims);
            if (agent != main)
            {
                place.Memory.SetOver(agent);
            }

            if (place != home && place.Memory.AgentsOf(main).All(
                each => place.Memory.LeasesOf(each.Agent).Count == 0 && place.Memory.ClaimsOf(each.Agent).Count == 0))
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
                End(place, agent.Agent, keepsClaims: false);
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

    private static void End(Place place, string agent, bool keepsClaims)
    {
        // Also when none is known here: a hook that was killed may have got one. In the store first,
        // since nobody ends what is forgotten here.
        place.Leases.EndSession(agent, keepsClaims ? place.Memory.ClaimsOf(agent) : []);
        place.Memory.RemoveLeasesOf(agent);
        if (!keepsClaims)
        {
            place.Memory.RemoveClaimsOf(agent);
        }
    }
}
