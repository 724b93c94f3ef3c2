namespace Klock.Agents.Events;

/// <summary>One event of a coding agent: who, what, where.</summary>
internal sealed record AgentEvent
{
    /// <summary>The client, as in <c>claude</c>.</summary>
    public required string Client { get; init; }

    /// <summary>What happened.</summary>
    public required AgentEventKind Kind { get; init; }

    /// <summary>The client's name for it, which some replies must repeat.</summary>
    public required string Name { get; init; }

    /// <summary>The client's id of the session: of its main agent.</summary>
    public required string SessionId { get; init; }

    /// <summary>The subagent's id; null for the main agent, and where the client does not distinguish them.</summary>
    public string? SubagentId { get; init; }

    /// <summary>The folder that relative paths count from: an absolute path.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether commands run in a sandbox of the client, in which klock cannot open its store.</summary>
    public bool IsSandboxed { get; init; }

    /// <summary>The client's process; 0 where it is not known.</summary>
    public int ClientProcess { get; init; }

    /// <summary>Of a start: why, as the client says it; null when it does not.</summary>
    public string? Source { get; init; }

    /// <summary>The tool; null for events about none.</summary>
    public ToolUse? Tool { get; init; }

    /// <summary>The calls that a batch had; empty for other events.</summary>
    public IReadOnlyList<ToolUse> Batch { get; init; } = [];

    /// <summary>The agent id that leases are held under (SPEC section 9): also its session id, so that each excludes the others.</summary>
    public string AgentId => SubagentId is null ? $"{Client}:{SessionId}" : $"{Client}:{SessionId}/{SubagentId}";

    /// <summary>The agent id of the main agent of the session.</summary>
    public string MainAgentId => $"{Client}:{SessionId}";
}
