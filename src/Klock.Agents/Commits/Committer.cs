using Klock.Agents.Policy;

namespace Klock.Agents.Commits;

/// <summary>Who commits.</summary>
/// <param name="Agent">The agent; null for a person, in whose environment no agent is named.</param>
/// <param name="IsExact">Whether it is that agent and none of its subagents. Some clients tell a shell of the main agent only.</param>
/// <param name="HasIndex">Whether the shell command that commits has git's index already.</param>
internal sealed record Committer(string? Agent, bool IsExact, bool HasIndex = false)
{
    /// <summary>Whether it is a person.</summary>
    public bool IsPerson => Agent is null;

    /// <summary>Finds out who it is.</summary>
    /// <param name="said">The agent that the environment names; null for none.</param>
    /// <param name="place">The store: whose shell command has git's index is the one that commits.</param>
    public static Committer Find(string? said, Place place)
    {
        if (said is null)
        {
            return new Committer(null, IsExact: true);
        }

        // A command that was interrupted is still remembered as running, and its lease may be over.
        string index = WishList.Index.Resource;
        string[] users = [.. place.Memory.UsersOf(index).Where(agent => agent == said || IsSubagent(agent, of: said))];
        string? user = users.Length == 0 ? null
            : place.Leases.HeldAt(index).Select(lease => lease.AgentId).FirstOrDefault(agent => users.Contains(agent));
        return new Committer(user ?? said, IsExact: user is not null || said.Contains('/', StringComparison.Ordinal), user is not null);
    }

    /// <summary>Whether an agent is, or may be, the committer.</summary>
    public bool Is(string agent) => agent == Agent || (!IsExact && Agent is not null && IsSubagent(agent, Agent));

    private static bool IsSubagent(string agent, string of) =>
        agent.StartsWith(of, StringComparison.Ordinal) && agent.Length > of.Length && agent[of.Length] == '/';
}
