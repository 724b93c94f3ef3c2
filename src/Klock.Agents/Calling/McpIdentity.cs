using System.Globalization;
using Klock.Agents.Memory;
using Klock.Agents.Processes;

namespace Klock.Agents.Calling;

/// <summary>What a call of a tool of <c>klock mcp</c> says about its caller.</summary>
/// <param name="ClientName">The client, as it introduced itself; null when it did not.</param>
/// <param name="Session">The client's session, where the call has it (Codex).</param>
/// <param name="Thread">The thread of that session, which is the session's own name in the main agent.</param>
/// <param name="CallId">The client's id of the call, as its hooks know it (Claude Code).</param>
/// <param name="Digest">A hash of the tool and its input.</param>
internal sealed record McpHints(string? ClientName, string? Session, string? Thread, string? CallId, string Digest);

/// <summary>An agent by its id, and the main agent of its session.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Main">The main agent: itself, unless it is a subagent.</param>
internal sealed record AgentName(string Agent, string Main);

/// <summary>Which agent calls a tool of <c>klock mcp</c>: the same one that its client's hooks mean, so that it is never in its own way.
/// </summary>
internal static class McpIdentity
{
    private const int MaxNameLength = 40;

    /// <summary>By the call itself; null when it does not say.</summary>
    public static AgentName? OfCall(McpHints hints) =>
        string.IsNullOrEmpty(hints.Session) || ClientOf(hints.ClientName) is not (null or "codex") ? null
        : Split(ShellIdentity.Codex(hints.Session, hints.Thread)!);

    /// <summary>On the client's machine.</summary>
    /// <param name="hints">What the call says.</param>
    /// <param name="memory">What hooks remember.</param>
    /// <param name="process">The client's process.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <param name="nowMs">The time, in ms since 1970.</param>
    public static AgentName Find(
        McpHints hints, AgentMemory memory, ClientProcess process, Func<string, string?> environment, long nowMs) =>
        OfCall(hints)
        ?? Of(memory.TakeCall(hints.CallId, process.Id, process.StartedAt, hints.Digest, nowMs))
        ?? OfEnvironment(hints.ClientName, environment)
        ?? OfProcess(hints.ClientName, memory, process)
        ?? Made(hints.ClientName, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>One that is made up for a client that tells nothing about its sessions.</summary>
    public static AgentName Made(string? clientName, string distinction)
    {
        string plain = string.Concat((clientName ?? "").Take(MaxNameLength)
            .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-'));
        string agent = $"mcp:{(plain.Length == 0 ? "client" : plain)}:{distinction}";
        return new AgentName(agent, agent);
    }

    // A client that was started in the shell of another one has the other one's variables.
    private static AgentName? OfEnvironment(string? clientName, Func<string, string?> environment)
    {
        string? named = environment(ShellIdentity.Variable) is { } set && set.Contains(':', StringComparison.Ordinal)
            && !ShellIdentity.IsOfClient(set) ? set : ShellIdentity.Find(environment);
        return named is not null && (ClientOf(clientName) is not { } client || named.StartsWith(client + ":", StringComparison.Ordinal))
            ? Split(named) : null;
    }

    // A client whose process has one session at a time. A name that was made up says nothing about the client's next server.
    private static AgentName? OfProcess(string? clientName, AgentMemory memory, ClientProcess process)
    {
        string? client = ClientOf(clientName);
        KnownAgent[] seen =
        [
            .. memory.MainAgentsOf(process.Id, process.StartedAt).Where(agent => ClientTable.All.Any(
                each => (client ?? each.Name) == each.Name && agent.Agent.StartsWith(each.Name + ":", StringComparison.Ordinal))),
        ];
        return seen is [var only] ? Of(only) : null;
    }

    private static string? ClientOf(string? clientName) => clientName is null ? null
        : ClientTable.All.FirstOrDefault(client => clientName.Contains(client.Name, StringComparison.OrdinalIgnoreCase))?.Name;

    private static AgentName? Of(KnownAgent? agent) => agent is null ? null : new AgentName(agent.Agent, agent.Main);

    private static AgentName Split(string agent) =>
        new(agent, agent.IndexOf('/', StringComparison.Ordinal) is > 0 and int at ? agent[..at] : agent);
}
