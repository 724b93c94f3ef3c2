using System.Text.Json;
using Klock.Agents.Clients;
using Klock.Agents.Clients.Claude;
using Klock.Agents.Clients.Cline;
using Klock.Agents.Clients.Codex;
using Klock.Agents.Clients.Copilot;
using Klock.Agents.Clients.Cursor;
using Klock.Agents.Clients.Gemini;
using Klock.Agents.Clients.OpenCode;
using Klock.Agents.Clients.Pi;
using Klock.Agents.Clients.Qwen;

namespace Klock.Agents.Calling;

/// <summary>The clients that are known, and which of them a hook was called by.</summary>
internal static class ClientTable
{
    /// <summary>All, in the order of the documentation.</summary>
    public static IReadOnlyList<IClient> All { get; } =
    [
        new ClaudeClient(), new CodexClient(), new GeminiClient(), new OpenCodeClient(), new QwenClient(), new CopilotClient(),
        new PiClient(), new ClineClient(), new CursorClient(),
    ];

    /// <summary>The client of this name; null for none.</summary>
    public static IClient? Find(string name) => All.FirstOrDefault(client => client.Name == name);

    /// <summary>
    /// The client that calls: the one that the hook's command names, unless the environment says that another one has loaded its file.
    /// </summary>
    public static IClient? Calling(string name, Func<string, string?> environment) =>
        name == "claude" && environment("COPILOT_CLI") is { Length: > 0 } ? Find("copilot") : Find(name);

    /// <summary>
    /// The client that sent an event: the one that was called, unless the event itself says that another one has loaded its file. Cursor
    /// puts its version into every event.
    /// </summary>
    public static IClient Sender(IClient called, JsonElement input) =>
        called.Name == "claude" && input.Has("cursor_version") ? Find("cursor")! : called;
}
