using System.Text.Json;
using Klock.Agents.Changes;

namespace Klock.Agents.Events;

/// <summary>What a tool is about to do, or did.</summary>
internal sealed record ToolUse
{
    /// <summary>The tool, as the client calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The client's id of this call; empty where it gives none.</summary>
    public string CallId { get; init; } = "";

    /// <summary>The files that it changes, as its input names them.</summary>
    public IReadOnlyList<FileChange> Changes { get; init; } = [];

    /// <summary>The files whose content the agent gets to know.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>The shell command that it runs; null for any other tool.</summary>
    public string? Command { get; init; }

    /// <summary>The input of a command as the client sent it, valid as long as the event is.</summary>
    public JsonElement Input { get; init; }

    /// <summary>Where the command runs, if not in the event's folder: absolute, or relative to that.</summary>
    public string? Folder { get; init; }

    /// <summary>How long the client lets it run, in ms; null for the client's usual limit.</summary>
    public long? LimitMs { get; init; }

    /// <summary>Of a tool of <c>klock mcp</c>: a hash of which one and of its input; null for any other tool.</summary>
    public string? Digest { get; init; }

    /// <summary>Whether it starts a subagent.</summary>
    public bool StartsSubagent { get; init; }

    /// <summary>Why it is not known what it changes; null when it is.</summary>
    public string? Trouble { get; init; }

    /// <summary>What it is about, in one text: the same before and after it.</summary>
    public string Subject => Command ?? string.Join('\n', Changes.Select(change => change.Path));
}
