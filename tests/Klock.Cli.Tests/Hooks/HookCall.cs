using System.Text.Json;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>Calls <c>klock hook</c> as a client does.</summary>
internal static class HookCall
{
    /// <summary>The names of the event before a tool, by client.</summary>
    public static readonly Dictionary<string, string> Before = new(StringComparer.Ordinal)
    {
        ["claude"] = "PreToolUse", ["codex"] = "PreToolUse", ["gemini"] = "BeforeTool", ["opencode"] = "PreToolUse",
        ["qwen"] = "PreToolUse", ["copilot"] = "preToolUse",
    };

    /// <summary>An event in Claude's shape about one file.</summary>
    public static string Event(Place place, string tool, string path, string session = "s", string call = "c") =>
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["session_id"] = session, ["cwd"] = place.Folder, ["tool_name"] = tool, ["tool_use_id"] = call,
            ["tool_input"] = new Dictionary<string, string>
            {
                ["file_path"] = path, ["content"] = "x", ["old_string"] = "x", ["new_string"] = "y",
            },
        });

    /// <summary>Before Claude's tool.</summary>
    public static Ran Tool(Place place, string tool, string path, string session = "s", string call = "c") =>
        place.KlockWith(Event(place, tool, path, session, call), "hook", "claude", "PreToolUse");

    /// <summary>Why the answer blocks; null when it allows, with nothing said at all.</summary>
    public static string? Blocks(Ran ran)
    {
        Assert.Equal(0, ran.Code);
        if (ran.Out.Length == 0)
        {
            return null;
        }

        Assert.StartsWith("{", ran.Out, StringComparison.Ordinal);
        Assert.Single(ran.Out.TrimEnd('\n').Split('\n'));
        JsonElement json = ran.Json;
        bool isCopilots = !json.TryGetProperty("decision", out JsonElement decision);
        decision = isCopilots ? json.GetProperty("permissionDecision") : decision;
        Assert.True(decision.GetString() is "block" or "deny", ran.Out);
        return json.GetProperty(isCopilots ? "permissionDecisionReason" : "reason").GetString();
    }

    /// <summary>It was not understood: one line for the user, and a reason for the model.</summary>
    public static string Refused(Ran ran)
    {
        string? reason = Blocks(ran);
        Assert.NotNull(reason);
        Assert.Matches("^klock: hook [^\n]+\n$", ran.Error);
        return reason;
    }
}
