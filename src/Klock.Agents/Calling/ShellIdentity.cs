using Klock.Agents.Processes;

namespace Klock.Agents.Calling;

/// <summary>Which coding agent's shell this is, by the variables that the client sets there.</summary>
/// <remarks>
/// Of Claude Code's and Gemini's subagents a shell does not say more than of the main agent, so it counts as the main agent's. opencode's
/// plugin sets <c>KLOCK_AGENT_ID</c>.
/// </remarks>
internal static class ShellIdentity
{
    /// <summary>The variable in which plugins of Klock, and people, name an agent.</summary>
    public const string Variable = "KLOCK_AGENT_ID";

    /// <summary>The agent's id, which is also its session's; null outside of any such shell.</summary>
    /// <remarks>Where one client runs in the shell of another one, it is the inner one's agent.</remarks>
    /// <param name="environment">Gives a variable of this process; null when it is not set.</param>
    public static string? Find(Func<string, string?> environment)
    {
        (string Variable, string? Agent)[] known =
        [
            (Variable, environment(Variable) is { } set && IsOfClient(set) ? set : null),
            ("CLAUDE_CODE_SESSION_ID", Of("claude", environment("CLAUDE_CODE_SESSION_ID"), null)),
            ("CODEX_SESSION_ID", Codex(environment("CODEX_SESSION_ID"), environment("CODEX_THREAD_ID"))),
            ("QWEN_CODE_SESSION_ID", Of("qwen", environment("QWEN_CODE_SESSION_ID"), environment("QWEN_CODE_AGENT_ID"))),
            ("GEMINI_SESSION_ID", Of("gemini", environment("GEMINI_SESSION_ID"), null)),
            ("COPILOT_AGENT_SESSION_ID", Of("copilot", environment("COPILOT_AGENT_SESSION_ID"), null)),
        ];
        (string Variable, string? Agent)[] named = [.. known.Where(one => one.Agent is not null)];
        if (named.Length < 2)
        {
            return named.FirstOrDefault().Agent;
        }

        string latest = AncestorVariables.Latest(
            [.. named.Select(one => KeyValuePair.Create(one.Variable, environment(one.Variable)!))]);
        return named.First(one => one.Variable == latest).Agent;
    }

    /// <summary>Whether a name is one that hooks give the agents of a client.</summary>
    public static bool IsOfClient(string agent) =>
        ClientTable.All.Any(client => agent.StartsWith(client.Name + ":", StringComparison.Ordinal));

    /// <summary>The agent of a session and thread of Codex: a thread of the session's own name is the main agent.</summary>
    public static string? Codex(string? session, string? thread) => Of("codex", session, thread == session ? null : thread);

    private static string? Of(string client, string? session, string? subagent) =>
        string.IsNullOrEmpty(session) ? null
        : string.IsNullOrEmpty(subagent) ? $"{client}:{session}"
        : $"{client}:{session}/{subagent}";
}
