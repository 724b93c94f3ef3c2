using System.Text.Json;
using Klock.Agents.Clients;
using Klock.Agents.Events;
using Klock.Agents.Settings;

namespace Klock.Agents.Tests.Policy;

/// <summary>An agent: the events that its client sends.</summary>
internal sealed class Agent(World world, string client, string session, string? subagent)
{
    private int _calls;
    private ToolUse? _last;

    public string Id => subagent is null ? $"{client}:{session}" : $"{client}:{session}/{subagent}";

    public int Process { get; init; }

    public long Started { get; init; } = 1;

    /// <summary>Its own settings; null for the world's.</summary>
    public HookSettings? Settings { get; set; }

    /// <summary>Ends its waits.</summary>
    public CancellationToken Cancel { get; set; } = CancellationToken.None;

    /// <summary>The folder that it is in.</summary>
    public string Folder { get; set; } = world.Folder;

    /// <summary>Whether its client gives each call an id.</summary>
    public bool GivesIds { get; init; } = true;

    public Agent Child(string name) => new(world, client, session, name) { Process = Process };

    /// <summary>Another session of the same process.</summary>
    public Agent Next(string name) => new(world, client, name, null) { Process = Process, Started = Started };

    public Decision Start() => Tell(AgentEventKind.SessionStart);

    public Decision Prompt() => Tell(AgentEventKind.Prompt);

    public Decision Stop() => Tell(subagent is null ? AgentEventKind.TurnEnd : AgentEventKind.SubagentEnd);

    public Decision End() => Tell(AgentEventKind.SessionEnd);

    /// <summary>Before a tool that edits by matching text.</summary>
    public Decision Edit(string name) =>
        Before("Edit", new() { ["file_path"] = world.At(name), ["old_string"] = "x", ["new_string"] = "y" });

    /// <summary>Before a tool that replaces the whole file.</summary>
    public Decision Write(string name) => Before("Write", new() { ["file_path"] = world.At(name), ["content"] = "" });

    public Decision Patch(params string[] lines) => Before("apply_patch", new() { ["command"] = string.Join('\n', lines) });

    public Decision Shell(string command) => Before("Bash", new() { ["command"] = command });

    public Decision Spawn() => Before("Task", new() { ["prompt"] = "a part" });

    /// <summary>Before <c>klock_claim</c>.</summary>
    public Decision Claim(string call, string name) =>
        Tell(AgentEventKind.BeforeTool, Tools.Read("mcp__klock__klock_claim", call, Input(name)));

    /// <summary>The input of <c>klock_claim</c>.</summary>
    public static JsonElement Input(string name) => JsonDocument.Parse($"{{\"files\":[\"{name}\"]}}").RootElement;

    /// <summary>Before a tool that changes nothing and reads no file: an event at which notices are said.</summary>
    public Decision Look() => Tell(AgentEventKind.BeforeTool, new ToolUse { Name = "Grep" });

    /// <summary>A tool that reads, from its begin to its end.</summary>
    public Decision Read(string name)
    {
        Decision decision = Before("Read", new() { ["file_path"] = world.At(name) });
        Done();
        return decision;
    }

    /// <summary>Edits a file for real, from the lease to the idle window.</summary>
    public void Change(string name, string text)
    {
        Assert.Null(Edit(name).Reason);
        world.Put(name, text);
        Done();
    }

    /// <summary>The end of the last tool, or of one before.</summary>
    public Decision Done(ToolUse? tool = null) => Tell(AgentEventKind.AfterTool, tool ?? _last);

    public Decision DoneBatch(params ToolUse[] tools) => Tell(AgentEventKind.AfterBatch, batch: tools);

    /// <summary>A hook that waits in the background after a batch.</summary>
    public Decision Await(params ToolUse[] tools) => Tell(AgentEventKind.Awaiting, batch: tools);

    public ToolUse Last => _last!;

    public Decision Before(string name, Dictionary<string, string> input)
    {
        _last = Tools.Read(name, GivesIds ? $"call{++_calls}" : null, JsonElement.Parse(JsonSerializer.Serialize(input)));
        return Tell(AgentEventKind.BeforeTool, _last);
    }

    public Decision Tell(AgentEventKind kind, ToolUse? tool = null, IReadOnlyList<ToolUse>? batch = null) => world.Decide(
        new AgentEvent
        {
            Client = client, Kind = kind, Name = kind.ToString(), SessionId = session, SubagentId = subagent, Folder = Folder,
            ClientProcess = Process, Tool = tool, Batch = batch ?? [],
        }, Process, Started, Settings, Cancel);
}
