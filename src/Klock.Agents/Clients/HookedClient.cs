using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients;

/// <summary>
/// What most clients share: snake_case fields (<c>session_id</c>, <c>cwd</c>, <c>tool_name</c>, <c>tool_input</c>), events by name, and
/// the reply that blocks in all of them.
/// </summary>
internal abstract class HookedClient : IClient
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual bool TakesTurns => true;

    /// <inheritdoc/>
    public virtual bool HasOneSession => true;

    /// <inheritdoc/>
    public virtual long CommandLimitMs => 60 * 60 * 1000;

    /// <inheritdoc/>
    public virtual bool CanWake(Func<string, string?> environment) => false;

    /// <inheritdoc/>
    public virtual bool CanReplaceCommands => false;

    /// <inheritdoc/>
    public virtual AgentEvent Read(string name, JsonElement input, Func<string, string?> environment)
    {
        string session = SessionOf(input) ?? throw new FormatException("there is no session_id");
        string folder = FolderOf(input) is { } cwd && Path.IsPathRooted(cwd) ? cwd : throw new FormatException("cwd is no absolute path");
        AgentEventKind kind = KindOf(name);
        return new AgentEvent
        {
            Client = Name,
            Kind = kind,
            Name = name,
            SessionId = session,
            SubagentId = SubagentOf(input),
            Folder = folder,
            Source = input.Text("source"),
            ClientProcess = ProcessOf(input, environment),
            Tool = kind is AgentEventKind.BeforeTool or AgentEventKind.AfterTool ? ToolOf(input) : null,
            Batch = kind is AgentEventKind.AfterBatch or AgentEventKind.Awaiting ? [.. input.Elements("tool_calls").Select(ToolOf)] : [],
        };
    }

    /// <inheritdoc/>
    public virtual HookReply Write(AgentEvent happened, Decision decision) =>
        decision.Reason is { } reason ? Refuse(happened.Name, reason)
        : decision.Wake is { } wake ? HookReply.Nothing with { Wake = wake }
        : decision.Command is { } command ? Replace(happened, command, CanSay(happened.Kind) ? decision.Context : null)
        : decision.Context is { } context && CanSay(happened.Kind) ? Say(happened.Name, context)
        : Allow(happened.Name);

    /// <inheritdoc/>
    public virtual HookReply Allow(string name) => HookReply.Nothing;

    /// <inheritdoc/>
    public bool CanBlock(string name) => KindOf(name) == AgentEventKind.BeforeTool;

    /// <inheritdoc/>
    public virtual HookReply Refuse(string name, string reason) => new(Json.Of(json =>
    {
        json.WriteString("decision"u8, "block"u8);
        json.WriteString("reason"u8, reason);
        json.WriteStartObject("hookSpecificOutput"u8);
        json.WriteString("hookEventName"u8, name);
        json.WriteString("permissionDecision"u8, "deny"u8);
        json.WriteString("permissionDecisionReason"u8, reason);
        json.WriteEndObject();
    }));

    /// <inheritdoc/>
    public virtual bool CanSay(AgentEventKind kind) => kind is AgentEventKind.BeforeTool or AgentEventKind.AfterTool
        or AgentEventKind.SessionStart or AgentEventKind.Prompt or AgentEventKind.AfterBatch;

    /// <summary>Whether a reply that replaces a command must allow it as well. Elsewhere that would spare the user a question.</summary>
    protected virtual bool AllowsReplaced => false;

    /// <summary>What an event of this name is.</summary>
    protected virtual AgentEventKind KindOf(string name) => name switch
    {
        "SessionStart" => AgentEventKind.SessionStart,
        "UserPromptSubmit" => AgentEventKind.Prompt,
        "PreToolUse" => AgentEventKind.BeforeTool,
        "PostToolUse" or "PostToolUseFailure" => AgentEventKind.AfterTool,
        "PostToolBatch" => AgentEventKind.AfterBatch,
        "SubagentStop" => AgentEventKind.SubagentEnd,
        "Stop" or "Interrupt" => AgentEventKind.TurnEnd,
        "SessionEnd" => AgentEventKind.SessionEnd,
        _ => AgentEventKind.Other,
    };

    /// <summary>The session; null when the event has none.</summary>
    protected virtual string? SessionOf(JsonElement input) => input.FirstText("session_id", "sessionId");

    /// <summary>The folder that the agent works in; null when the event has none.</summary>
    protected virtual string? FolderOf(JsonElement input) => input.Text("cwd");

    /// <summary>The tool that an event is about.</summary>
    protected virtual ToolUse ToolOf(JsonElement input) =>
        Tools.Read(input.Text("tool_name") ?? "", input.Text("tool_use_id"), input.Field("tool_input"));

    /// <summary>The subagent that an event is about; null for the main agent.</summary>
    protected virtual string? SubagentOf(JsonElement input) => input.FirstText("agent_id");

    /// <summary>The client's process; 0 where the client does not say.</summary>
    protected virtual int ProcessOf(JsonElement input, Func<string, string?> environment) => 0;

    /// <summary>A reply that puts another command in the place of a tool's.</summary>
    /// <param name="happened">The event before that tool.</param>
    /// <param name="command">The command.</param>
    /// <param name="context">What the agent should know; null for nothing.</param>
    protected virtual HookReply Replace(AgentEvent happened, string command, string? context) => new(Json.Of(json =>
    {
        json.WriteStartObject("hookSpecificOutput"u8);
        json.WriteString("hookEventName"u8, happened.Name);
        if (AllowsReplaced)
        {
            json.WriteString("permissionDecision"u8, "allow"u8);
        }

        WriteInput(json, "updatedInput", happened.Tool!.Input, command);
        if (context is not null)
        {
            json.WriteString("additionalContext"u8, context);
        }

        json.WriteEndObject();
    }));

    /// <summary>Writes a tool's input with another command in it.</summary>
    protected static void WriteInput(Utf8JsonWriter json, string name, JsonElement input, string command)
    {
        json.WriteStartObject(name);
        foreach (JsonProperty field in input.EnumerateObject())
        {
            if (field.Name is "command" or "cmd")
            {
                json.WriteString(field.Name, command);
            }
            else
            {
                field.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>A reply that lets the agent go on, with something to know.</summary>
    protected virtual HookReply Say(string name, string context) => new(Json.Of(json =>
    {
        json.WriteStartObject("hookSpecificOutput"u8);
        json.WriteString("hookEventName"u8, name);
        json.WriteString("additionalContext"u8, context);
        json.WriteEndObject();
    }));
}
