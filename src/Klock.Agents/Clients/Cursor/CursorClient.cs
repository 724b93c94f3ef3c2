using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Cursor;

/// <summary>Cursor: its own hook files, and those of Claude Code that it loads too. Written from its documentation.</summary>
/// <remarks>
/// A subagent is a conversation of its own, and nothing in its events says whose child it is: so it is an agent with a session of its own.
/// </remarks>
internal sealed class CursorClient : HookedClient
{
    private const string BeforeTool = "preToolUse";

    /// <inheritdoc/>
    public override string Name => "cursor";

    /// <inheritdoc/>
    public override bool TakesTurns => false;

    // One window has many conversations.
    /// <inheritdoc/>
    public override bool HasOneSession => false;

    // With "failClosed" an answer that is empty blocks.
    /// <inheritdoc/>
    public override HookReply Allow(string name) => name == BeforeTool ? Permission("allow", null) : HookReply.Nothing;

    /// <inheritdoc/>
    public override HookReply Refuse(string name, string reason) =>
        name == BeforeTool ? Permission("deny", reason) : base.Refuse(name, reason);

    /// <inheritdoc/>
    public override bool CanSay(AgentEventKind kind) => kind is AgentEventKind.AfterTool or AgentEventKind.SessionStart;

    /// <inheritdoc/>
    protected override AgentEventKind KindOf(string name) => name switch
    {
        "sessionStart" => AgentEventKind.SessionStart,
        "beforeSubmitPrompt" => AgentEventKind.Prompt,
        BeforeTool => AgentEventKind.BeforeTool,
        "postToolUse" or "postToolUseFailure" => AgentEventKind.AfterTool,
        "stop" => AgentEventKind.TurnEnd,
        "sessionEnd" => AgentEventKind.SessionEnd,
        _ => base.KindOf(name),
    };

    /// <inheritdoc/>
    protected override string? SessionOf(JsonElement input) => input.FirstText("conversation_id") ?? base.SessionOf(input);

    // Where cwd is empty, the first of the workspace's folders is meant.
    /// <inheritdoc/>
    protected override string? FolderOf(JsonElement input) => input.FirstText("cwd") ?? input.Elements("workspace_roots")
        .Where(root => root.ValueKind == JsonValueKind.String).Select(root => root.GetString()).FirstOrDefault();

    /// <inheritdoc/>
    protected override string? SubagentOf(JsonElement input) => null;

    /// <inheritdoc/>
    protected override HookReply Say(string name, string context) =>
        char.IsAsciiLetterUpper(name[0]) ? base.Say(name, context) // of Claude's file, in Claude's shape
        : new(Json.Of(json => json.WriteString("additional_context"u8, context)));

    private static HookReply Permission(string permission, string? reason) => new(Json.Of(json =>
    {
        json.WriteString("permission"u8, permission);
        if (reason is not null)
        {
            json.WriteString("user_message"u8, reason);
            json.WriteString("agent_message"u8, reason);
        }
    }));
}
