using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Cline;

/// <summary>Cline. A refusal ends its whole task: it knows no other.</summary>
internal sealed class ClineClient : HookedClient
{
    /// <inheritdoc/>
    public override string Name => "cline";

    /// <inheritdoc/>
    public override bool TakesTurns => false;

    // Its daemon has those of all its windows.
    /// <inheritdoc/>
    public override bool HasOneSession => false;

    /// <inheritdoc/>
    public override HookReply Allow(string name) => Answer(cancels: false, null, null);

    /// <inheritdoc/>
    public override HookReply Refuse(string name, string reason) => Answer(cancels: true, "errorMessage", reason);

    /// <inheritdoc/>
    public override bool CanSay(AgentEventKind kind) => kind is AgentEventKind.BeforeTool or AgentEventKind.AfterTool;

    /// <inheritdoc/>
    protected override AgentEventKind KindOf(string name) => name switch
    {
        "TaskComplete" or "TaskCancel" or "TaskError" => AgentEventKind.TurnEnd,
        "SessionShutdown" => AgentEventKind.SessionEnd,

        // Cline does not wait for these: what they find may be over already.
        "TaskStart" or "TaskResume" or "UserPromptSubmit" => AgentEventKind.Other,
        _ => base.KindOf(name),
    };

    /// <inheritdoc/>
    protected override string? SessionOf(JsonElement input) =>
        input.Field("sessionContext").FirstText("rootSessionId") ?? input.FirstText("taskId") ?? base.SessionOf(input);

    /// <inheritdoc/>
    protected override string? FolderOf(JsonElement input) => input.Field("workspaceInfo").FirstText("rootPath")
        ?? input.Elements("workspaceRoots").Where(root => root.ValueKind == JsonValueKind.String).Select(root => root.GetString())
            .FirstOrDefault() ?? base.FolderOf(input);

    /// <inheritdoc/>
    protected override string? SubagentOf(JsonElement input) =>
        input.FirstText("parent_agent_id") is null ? null : input.FirstText("agent_id");

    /// <inheritdoc/>
    protected override ToolUse ToolOf(JsonElement input)
    {
        JsonElement call = input.Field("tool_call") is { ValueKind: JsonValueKind.Object } before ? before : input.Field("tool_result");
        return call.ValueKind == JsonValueKind.Object
            ? Tools.Read(call.Text("name") ?? "", call.Text("id"), call.Field("input")) : base.ToolOf(input);
    }

    /// <inheritdoc/>
    protected override HookReply Say(string name, string context) => Answer(cancels: false, "contextModification", context);

    private static HookReply Answer(bool cancels, string? field, string? text) => new(Json.Of(json =>
    {
        json.WriteBoolean("cancel"u8, cancels);
        if (field is not null)
        {
            json.WriteString(field, text);
        }
    }));
}
