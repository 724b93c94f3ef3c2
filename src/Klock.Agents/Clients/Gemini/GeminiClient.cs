using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Gemini;

/// <summary>Gemini CLI. It does not distinguish its subagents, so they share the identity of their session.</summary>
internal sealed class GeminiClient : HookedClient
{
    /// <inheritdoc/>
    public override string Name => "gemini";

    /// <inheritdoc/>
    public override bool CanReplaceCommands => true;

    /// <inheritdoc/>
    public override HookReply Refuse(string name, string reason) => new(Json.Of(json =>
    {
        json.WriteString("decision"u8, "deny"u8);
        json.WriteString("reason"u8, reason);
    }));

    // What is said before a tool does not reach the model.
    /// <inheritdoc/>
    public override bool CanSay(AgentEventKind kind) =>
        kind is AgentEventKind.AfterTool or AgentEventKind.SessionStart or AgentEventKind.Prompt;

    /// <inheritdoc/>
    protected override AgentEventKind KindOf(string name) => name switch
    {
        "SessionStart" => AgentEventKind.SessionStart,
        "BeforeAgent" => AgentEventKind.Prompt,
        "BeforeTool" => AgentEventKind.BeforeTool,
        "AfterTool" => AgentEventKind.AfterTool,
        "AfterAgent" => AgentEventKind.TurnEnd,
        "SessionEnd" => AgentEventKind.SessionEnd,
        _ => AgentEventKind.Other,
    };

    /// <inheritdoc/>
    protected override HookReply Replace(AgentEvent happened, string command, string? context) => new(Json.Of(json =>
    {
        json.WriteStartObject("hookSpecificOutput"u8);
        WriteInput(json, "tool_input", happened.Tool!.Input, command);
        json.WriteEndObject();
    }));

    /// <inheritdoc/>
    protected override string? SubagentOf(JsonElement input) => null;
}
