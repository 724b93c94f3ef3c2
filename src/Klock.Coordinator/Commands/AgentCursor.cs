using System.Globalization;
using Klock.Coordinator.Json;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>
/// A place in the list of agents: <c>PRIORITY:AGENT</c>, the seniority of the last one listed. It needs no agent to be there still, so a
/// list goes on behind it whatever happened meanwhile.
/// </summary>
internal sealed class AgentCursor
{
    private readonly ulong _priority;
    private readonly string _agentId;

    private AgentCursor(ulong priority, string agentId) => (_priority, _agentId) = (priority, agentId);

    /// <summary>Reads a request's <c>after</c>; null when there is none.</summary>
    public static AgentCursor? Read(in RequestFields request)
    {
        if (Fields.AfterAgent.ReadOptional(request) is not { } text)
        {
            return null;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < text.Length - 1
            && ulong.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out ulong priority)
            ? new AgentCursor(priority, text[(colon + 1)..])
            : throw Field.Invalid($"{Fields.AfterAgent.Name} is no place in the list of agents: it must be next of the page before.");
    }

    /// <summary>The place of an agent.</summary>
    public static string TextOf(Agent agent) => string.Create(CultureInfo.InvariantCulture, $"{agent.Priority}:{agent.Id}");

    /// <summary>Whether an agent comes after it.</summary>
    public bool IsBefore(Agent agent) => agent.CompareSeniority(_priority, _agentId) > 0;
}
