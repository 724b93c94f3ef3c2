using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Copilot;

/// <summary>GitHub Copilot CLI: its own hook files, and those of Claude Code that it loads too.</summary>
internal sealed class CopilotClient : HookedClient
{
    /// <inheritdoc/>
    public override string Name => "copilot";

    /// <inheritdoc/>
    public override bool TakesTurns => false;

    /// <inheritdoc/>
    public override AgentEvent Read(string name, JsonElement input, Func<string, string?> environment)
    {
        AgentEvent happened = base.Read(name, input, environment);
        if (!input.Has("sessionId"))
        {
            return happened; // a hook of Claude's file, in Claude's shape
        }

        JsonElement arguments = input.Field("toolArgs");
        return happened with
        {
            // Of a subagent sessionId is its own id, and the root session is its parent.
            SessionId = input.FirstText("parentAgentId") ?? happened.SessionId,
            SubagentId = input.Has("parentAgentId") ? input.FirstText("agentId") : null,
            Tool = happened.Tool is null ? null : Tools.Read(input.Text("toolName") ?? "", input.Text("toolCallId"), arguments),
        };
    }

    /// <inheritdoc/>
    public override HookReply Refuse(string name, string reason) => name == "preToolUse"
        ? new(Json.Of(json =>
        {
            json.WriteString("permissionDecision"u8, "deny"u8);
            json.WriteString("permissionDecisionReason"u8, reason);
        }))
        : base.Refuse(name, reason);

    /// <inheritdoc/>
    public override bool CanSay(AgentEventKind kind) => false;

    /// <inheritdoc/>
    protected override AgentEventKind KindOf(string name) => name switch
    {
        "sessionStart" => AgentEventKind.SessionStart,
        "userPromptSubmitted" => AgentEventKind.Prompt,
        "preToolUse" => AgentEventKind.BeforeTool,
        "postToolUse" or "postToolUseFailure" => AgentEventKind.AfterTool,
        "subagentStop" => AgentEventKind.SubagentEnd,
        "agentStop" => AgentEventKind.TurnEnd,
        "sessionEnd" => AgentEventKind.SessionEnd,
        _ => base.KindOf(name),
    };
}
