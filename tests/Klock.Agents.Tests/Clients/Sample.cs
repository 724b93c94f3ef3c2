using System.Text.Json;
using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Agents.Events;

namespace Klock.Agents.Tests.Clients;

/// <summary>What a real client has sent to its hook: a file of <c>tests/agents/samples</c>.</summary>
/// <param name="Client">The client.</param>
/// <param name="File">The file's name.</param>
internal sealed record Sample(string Client, string File)
{
    private static readonly string _folder = Path.Combine(Top(AppContext.BaseDirectory), "tests", "agents", "samples");

    // The plugin that records has names of its own for what the installed one sends.
    private static readonly Dictionary<string, string> _installed = new(StringComparer.Ordinal)
    {
        ["SessionCreated"] = "SessionStart", ["SessionIdle"] = "Stop",
    };

    /// <summary>All.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        .. Directory.GetFiles(_folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(path => Path.GetFileName(path) != "environment.json")
            .Select(path => new Sample(Path.GetFileName(Path.GetDirectoryName(path))!, Path.GetFileName(path))),
    ];

    /// <summary>The event, as the hook's argument names it.</summary>
    public string Event => _installed.GetValueOrDefault(Recorded, Recorded);

    /// <summary>Its JSON.</summary>
    public string Text => System.IO.File.ReadAllText(Path.Combine(_folder, Client, File));

    private string Recorded => Path.GetFileNameWithoutExtension(File).Split('_', '-')[0];

    /// <summary>The event, as the client's adapter reads it in the client's own environment.</summary>
    public AgentEvent Read()
    {
        using var environment = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(_folder, Client, "environment.json")));
        return Read(ClientTable.Find(Client)!, Event, Text, name => environment.RootElement.Text(name));
    }

    /// <summary>Reads any event.</summary>
    public static AgentEvent Read(IClient client, string name, string text, Func<string, string?>? environment = null)
    {
        using var json = JsonDocument.Parse(text);
        return client.Read(name, json.RootElement, environment ?? (_ => null));
    }

    /// <summary>The event in one line, for a person to judge.</summary>
    public static string Describe(AgentEvent happened)
    {
        List<string> parts = [happened.Kind.ToString(), happened.AgentId, happened.MainAgentId, $"pid={happened.ClientProcess}"];
        parts.AddRange(happened.Tool is { } tool ? [Describe(tool)] : happened.Batch.Select(Describe));
        return string.Join(" | ", parts);
    }

    private static string Describe(ToolUse tool)
    {
        List<string> parts = [tool.Name + (tool.CallId.Length > 0 ? "#" : "")];
        parts.AddRange(tool.Changes.Select(change => $"{change.Kind} {change.Path}{(change.NewPath is { } to ? $" -> {to}" : "")}"));
        parts.AddRange(tool.Reads.Select(path => $"Reads {path}"));
        parts.AddRange(tool.Command is { } command ? [$"Runs {command}"] : []);
        parts.AddRange(tool.StartsSubagent ? ["Spawns"] : []);
        parts.AddRange(tool.Trouble is { } trouble ? [$"Trouble {trouble}"] : []);
        return string.Join("; ", parts);
    }

    private static string Top(string folder) =>
        System.IO.File.Exists(Path.Combine(folder, "Klock.sln")) ? folder : Top(Path.GetDirectoryName(folder)!);
}
