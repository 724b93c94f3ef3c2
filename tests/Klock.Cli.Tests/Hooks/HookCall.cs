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
        ["qwen"] = "PreToolUse", ["copilot"] = "preToolUse", ["pi"] = "PreToolUse", ["cline"] = "PreToolUse", ["cursor"] = "preToolUse",
    };

    // The field that decides, its values that block, and the field with the reason.
    private static readonly (string Field, string Blocks, string Reason)[] _shapes =
    [
        ("decision", "block deny", "reason"), ("permissionDecision", "deny", "permissionDecisionReason"),
        ("permission", "deny", "agent_message"), ("cancel", "True", "errorMessage"),
    ];

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

    /// <summary>Why the answer blocks; null when it allows: with nothing said, or in the words of a client that wants some.</summary>
    public static string? Blocks(Ran ran)
    {
        Assert.Equal(0, ran.Code);
        if (ran.Out.Trim() is "" or """{"cancel":false}""" or """{"permission":"allow"}""")
        {
            return null;
        }

        Assert.StartsWith("{", ran.Out, StringComparison.Ordinal);
        Assert.Single(ran.Out.TrimEnd('\n').Split('\n'));
        foreach ((string field, string blocks, string reason) in _shapes)
        {
            if (ran.Json.TryGetProperty(field, out JsonElement decision))
            {
                Assert.Contains(decision.ToString(), blocks.Split(' '));
                return ran.Json.GetProperty(reason).GetString();
            }
        }

        throw new Xunit.Sdk.XunitException(ran.Out);
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
