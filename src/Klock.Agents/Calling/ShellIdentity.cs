namespace Klock.Agents.Calling;

/// <summary>Which coding agent's shell this is, by the variables that the client sets there.</summary>
/// <remarks>
/// Of Claude Code's and Gemini's subagents a shell does not say more than of the main agent, so it counts as the main agent's. opencode's
/// plugin sets <c>KLOCK_AGENT_ID</c>.
/// </remarks>
internal static class ShellIdentity
{
    /// <summary>The agent's id, which is also its session's; null outside of any such shell.</summary>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    public static string? Find(Func<string, string?> environment) =>
        Of("claude", environment("CLAUDE_CODE_SESSION_ID"), null)
        ?? Codex(environment("CODEX_SESSION_ID"), environment("CODEX_THREAD_ID"))
        ?? Of("qwen", environment("QWEN_CODE_SESSION_ID"), environment("QWEN_CODE_AGENT_ID"))
        ?? Of("gemini", environment("GEMINI_SESSION_ID"), null)
        ?? Of("copilot", environment("COPILOT_AGENT_SESSION_ID"), null);

    /// <summary>The agent of a session and thread of Codex: a thread of the session's own name is the main agent.</summary>
    public static string? Codex(string? session, string? thread) => Of("codex", session, thread == session ? null : thread);

    private static string? Of(string client, string? session, string? subagent) =>
        string.IsNullOrEmpty(session) ? null
        : string.IsNullOrEmpty(subagent) ? $"{client}:{session}"
        : $"{client}:{session}/{subagent}";
}
