using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Qwen;

/// <summary>Qwen Code: Claude's events and replies.</summary>
internal sealed class QwenClient : HookedClient
{
    /// <inheritdoc/>
    public override string Name => "qwen";

    /// <inheritdoc/>
    public override AgentEvent Read(string name, JsonElement input, Func<string, string?> environment)
    {
        // It sends this event with an empty prompt after each tool: only one with a prompt begins a turn.
        AgentEvent happened = base.Read(name, input, environment);
        return happened.Kind == AgentEventKind.Prompt && string.IsNullOrEmpty(input.Text("prompt"))
            ? happened with { Kind = AgentEventKind.Other } : happened;
    }
}
