namespace Klock.Agents.Events;

/// <summary>What a client's hook reports, whatever the client calls it.</summary>
internal enum AgentEventKind
{
    /// <summary>Nothing that the policy needs.</summary>
    Other,

    /// <summary>A session began, was resumed, forked or cleared.</summary>
    SessionStart,

    /// <summary>The user said something: the agent works again.</summary>
    Prompt,

    /// <summary>A tool is about to run; it can still be blocked.</summary>
    BeforeTool,

    /// <summary>A tool ran, with success or not.</summary>
    AfterTool,

    /// <summary>All tools of one message are done, blocked ones included.</summary>
    AfterBatch,

    /// <summary>The same, of a client that waits in the background for an answer: what was refused may become free.</summary>
    Awaiting,

    /// <summary>A subagent's turn is over; it may come back.</summary>
    SubagentEnd,

    /// <summary>The agent's turn is over. Subagents of it may still run.</summary>
    TurnEnd,

    /// <summary>The session is over, with all its subagents.</summary>
    SessionEnd,
}
