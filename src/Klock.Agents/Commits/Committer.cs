using Klock.Agents.Memory;
using Klock.Agents.Policy;

namespace Klock.Agents.Commits;

/// <summary>Who commits.</summary>
/// <param name="Agent">The agent; null for a person, in whose environment no agent is named.</param>
/// <param name="IsExact">Whether it is that agent and none of its subagents. Some clients tell a shell of the main agent only.</param>
internal sealed record Committer(string? Agent, bool IsExact)
{
    /// <summary>Whether it is a person.</summary>
    public bool IsPerson => Agent is null;

    /// <summary>Finds out who it is.</summary>
    /// <param name="said">The agent that the environment names; null for none.</param>
    /// <param name="memory">What hooks remember: whose shell command has git's index is the one that commits.</param>
    public static Committer Find(string? said, AgentMemory memory)
    {
        if (said is null)
        {
            return new Committer(null, IsExact: true);
        }

        string? user = memory.UsersOf(WishList.Index.Resource).FirstOrDefault(agent => agent == said || IsSubagent(agent, of: said));
        return new Committer(user ?? said, IsExact: user is not null || said.Contains('/', StringComparison.Ordinal));
    }

    /// <summary>Whether an agent is, or may be, the committer.</summary>
    public bool Is(string agent) => agent == Agent || (!IsExact && Agent is not null && IsSubagent(agent, Agent));

    private static bool IsSubagent(string agent, string of) =>
        agent.StartsWith(of, StringComparison.Ordinal) && agent.Length > of.Length && agent[of.Length] == '/';
}
