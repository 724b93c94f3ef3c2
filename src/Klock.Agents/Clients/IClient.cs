using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients;

/// <summary>One coding agent program: how its hook events read, and what it takes as an answer. Stateless, thread-safe.</summary>
internal interface IClient
{
    /// <summary>Its name in commands and agent ids, as in <c>claude</c>.</summary>
    string Name { get; }

    /// <summary>Whether it runs tools that change something one after the other: at the next one, the agent's last one is over.</summary>
    bool TakesTurns { get; }

    /// <summary>Whether its process runs one session at a time: when another one begins, the last one is over.</summary>
    bool HasOneSession { get; }

    /// <summary>How long a shell command may run unless its input says, in ms.</summary>
    long CommandLimitMs { get; }

    /// <summary>
    /// Whether it waits in the background for the answer to <see cref="AgentEventKind.Awaiting"/>, and wakes its agent then.
    /// </summary>
    /// <param name="environment">Gives a variable of a hook of it; null when it is not set.</param>
    bool CanWake(Func<string, string?> environment);

    /// <summary>Whether a hook before a shell command may put another one in its place.</summary>
    bool CanReplaceCommands { get; }

    /// <summary>Reads an event.</summary>
    /// <param name="name">The event, as the hook's argument names it.</param>
    /// <param name="input">The JSON object on stdin.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="FormatException">It lacks what every event of this client has. The message says what.</exception>
    AgentEvent Read(string name, JsonElement input, Func<string, string?> environment);

    /// <summary>Writes a decision in the client's own shape.</summary>
    HookReply Write(AgentEvent happened, Decision decision);

    /// <summary>A reply that lets the client go on: to most there is nothing to say.</summary>
    HookReply Allow(string name);

    /// <summary>Whether the model gets to read what a hook says at this event.</summary>
    bool CanSay(AgentEventKind kind);

    /// <summary>Whether an event of this name comes before a tool, so that failing to understand it must block.</summary>
    bool CanBlock(string name);

    /// <summary>A reply that blocks, for an event that could not be read.</summary>
    HookReply Refuse(string name, string reason);
}
