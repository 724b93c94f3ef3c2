using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Cline;

/// <summary>Cline. The refusal that it knows ends the whole task, so a tool is refused by another input, with which it fails.</summary>
internal sealed class ClineClient : HookedClient
{
    // Nothing can lie beneath that path, whatever the tool tries there.
    private const string NoEdit = """{"command":"str_replace","path":"/dev/null/refused-by-klock","old_text":"-","new_text":"+"}""";
    private const string NoCommand = """{"commands":["echo refused by Klock >&2; false"]}""";

    /// <inheritdoc/>
    public override string Name => "cline";

    /// <inheritdoc/>
    public override bool TakesTurns => false;

    // Its daemon has those of all its windows.
    /// <inheritdoc/>
    public override bool HasOneSession => false;

    /// <inheritdoc/>
    public override HookReply Write(AgentEvent happened, Decision decision) =>
        (decision.Reason, happened.Tool?.Name) switch
        {
            ({ } reason, "editor") => Answer(cancels: false, "contextModification", reason, NoEdit),
            ({ } reason, "run_commands") => Answer(cancels: false, "contextModification", reason, NoCommand),
            _ => base.Write(happened, decision),
        };

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
        JsonElement call = First(input, "tool_call", "tool_result"), older = First(input, "preToolUse", "postToolUse");
        return call.ValueKind == JsonValueKind.Object ? Tools.Read(call.Text("name") ?? "", call.Text("id"), call.Field("input"))
            : older.ValueKind == JsonValueKind.Object ? Tools.Read(older.Text("toolName") ?? "", null, older.Field("parameters"))
            : base.ToolOf(input);
    }

    /// <inheritdoc/>
    protected override HookReply Say(string name, string context) => Answer(cancels: false, "contextModification", context);

    private static JsonElement First(JsonElement input, string one, string other) => input.Has(one) ? input.Field(one) : input.Field(other);

    private static HookReply Answer(bool cancels, string? field, string? text, string? instead = null) => new(Json.Of(json =>
    {
        json.WriteBoolean("cancel"u8, cancels);
        if (field is not null)
        {
            json.WriteString(field, text);
        }

        if (instead is not null)
        {
            json.WritePropertyName("overrideInput"u8);
            json.WriteRawValue(instead);
        }
    }));
}
