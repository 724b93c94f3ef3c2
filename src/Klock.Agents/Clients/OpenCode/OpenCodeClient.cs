using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.OpenCode;

/// <summary>opencode, through the plugin that <c>klock install opencode</c> writes: its events are the plugin's.</summary>
internal sealed class OpenCodeClient : PluginClient
{
    /// <inheritdoc/>
    public override string Name => "opencode";

    /// <inheritdoc/>
    public override bool CanReplaceCommands => true;

    /// <inheritdoc/>
    public override bool TakesTurns => false;

    // Its server has those of all its windows.
    /// <inheritdoc/>
    public override bool HasOneSession => false;

    /// <inheritdoc/>
    public override AgentEvent Read(string name, JsonElement input, Func<string, string?> environment)
    {
        // A child is a session of its own there; its parent is named beside it.
        AgentEvent happened = base.Read(name, input, environment);
        return input.FirstText("parent_session_id") is { } parent
            ? happened with
            {
                SessionId = parent,
                SubagentId = happened.SessionId,
                Kind = happened.Kind == AgentEventKind.TurnEnd ? AgentEventKind.SubagentEnd : happened.Kind,
            }
            : happened;
    }

    // The plugin appends it to the tool's result.
    /// <inheritdoc/>
    public override bool CanSay(AgentEventKind kind) => kind == AgentEventKind.AfterTool;

    // The plugin puts it into the arguments.
    /// <inheritdoc/>
    protected override HookReply Replace(AgentEvent happened, string command, string? context) =>
        new(Json.Of(json => json.WriteString("command"u8, command)));
}
