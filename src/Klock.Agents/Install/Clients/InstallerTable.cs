using System.Text.Json;
using Klock.Agents.Clients;
using Klock.Agents.Clients.Claude;
using Klock.Agents.Install.GitHooks;

namespace Klock.Agents.Install.Clients;

/// <summary>The clients whose hooks can be installed.</summary>
internal static class InstallerTable
{
    // Longer than any wait in a hook, so that the hook answers before the client gives it up.
    private const int LimitSeconds = 120;

    // Whoever was refused is told for so long that it may try again.
    private const int WakeSeconds = 3600;

    private const string Changing = "Edit|MultiEdit|Write|NotebookEdit|Bash|mcp__.*";

    private static readonly string[] _copilotEvents =
        ["sessionStart", "preToolUse", "postToolUse", "postToolUseFailure", "subagentStop", "agentStop", "sessionEnd"];

    // What Cline's program says when Klock itself cannot be asked: this ends the task.
    private const string ClinesFailure = """{"cancel":true,"errorMessage":"Klock is missing or failed, so nothing was changed."}""";

    /// <summary>All, in the order of the documentation.</summary>
    public static IReadOnlyList<IInstaller> All { get; } =
    [
        new FileInstaller("claude", "claude", ".claude/settings.json", new HookFile("claude",
            [
                ("SessionStart", null), ("UserPromptSubmit", null), ("PreToolUse", null), ("PostToolUse", Changing),
                ("PostToolUseFailure", Changing), ("PostToolBatch", null), ("SubagentStop", null), ("Stop", null), ("SessionEnd", null),
            ],
            WriteClaude, ("PostToolBatch", ClaudeClient.WhenFree)), scope => scope.IsUser ? null
                : "Claude Code asks once, at its next start here, whether to trust the hooks of this folder."),
        new FileInstaller("codex", "codex", ".codex/hooks.json", new HookFile("codex",
            [
                ("SessionStart", null), ("UserPromptSubmit", null), ("PreToolUse", null), ("PostToolUse", null), ("SubagentStop", null),
                ("Stop", null), ("Interrupt", null), ("SessionEnd", null),
            ],
            WriteCodex), _ => "Codex skips hooks in silence until they are reviewed: start codex here, type /hooks, and trust them."),
        new FileInstaller("gemini", "gemini", ".gemini/settings.json", new HookFile("gemini",
            [
                ("SessionStart", "*"), ("BeforeAgent", "*"), ("BeforeTool", "*"), ("AfterTool", "*"), ("AfterAgent", "*"),
                ("SessionEnd", "*"),
            ],
            WriteGemini), scope => scope.IsUser ? null
                : "Gemini CLI runs the hooks of a folder only when the folder is trusted (/permissions)."),
        new OwnFileInstaller("opencode", "opencode", ".opencode/plugin/klock.js", ".config/opencode/plugin/klock.js", OpenCodePlugin.Write),
        new FileInstaller("qwen", "qwen", ".qwen/settings.json", new HookFile("qwen",
            [
                ("SessionStart", "*"), ("UserPromptSubmit", "*"), ("PreToolUse", "*"), ("PostToolUse", "*"), ("PostToolUseFailure", "*"),
                ("SubagentStop", "*"), ("Stop", "*"), ("SessionEnd", "*"),
            ],
            WriteCodex)),
        new OwnFileInstaller(
            "copilot", "copilot", ".github/hooks/klock.json", ".copilot/hooks/klock.json", CopilotFile,
            "Copilot CLI runs the hooks of a folder only when the folder is trusted."),
        new OwnFileInstaller("pi", "pi", ".pi/extensions/klock.ts", ".pi/agent/extensions/klock.ts", PiExtension.Write),
        new ScriptsInstaller("cline", "cline", ".clinerules/hooks", "Documents/Cline/Hooks",
            [
                ("PreToolUse", ClinesFailure), ("PostToolUse", null), ("TaskComplete", null), ("TaskCancel", null), ("TaskError", null),
                ("SessionShutdown", null),
            ]),
        new FileInstaller("cursor", "cursor", ".cursor/hooks.json", new HookFile("cursor",
            [
                ("sessionStart", null), ("preToolUse", null), ("postToolUse", null), ("postToolUseFailure", null), ("stop", null),
                ("sessionEnd", null),
            ],
            WriteCursor, isFlat: true), scope => scope.IsUser ? null
                : "Cursor runs the hooks of a folder only in a workspace that is trusted."),
    ];

    /// <summary>Git itself, whose commits are checked.</summary>
    public static IInstaller Git { get; } = new GitHookInstaller();

    /// <summary>All, git, and what is installed only when it is named.</summary>
    public static IReadOnlyList<IInstaller> Everything { get; } = [.. All, Git, new AgentsText()];

    /// <summary>The names of everything.</summary>
    public static IEnumerable<string> Names => Everything.Select(installer => installer.Name);

    /// <summary>The installer of this name; null for none.</summary>
    public static IInstaller? Find(string name) => Everything.FirstOrDefault(installer => installer.Name == name);

    private static void WriteClaude(Utf8JsonWriter json, string name)
    {
        json.WriteNumber("timeout"u8, name == ClaudeClient.WhenFree ? WakeSeconds : LimitSeconds);
        if (name == ClaudeClient.WhenFree)
        {
            json.WriteBoolean("asyncRewake"u8, true);
        }
        else if (name == "PreToolUse")
        {
            // Else a hook that is missing or hangs lets the edit through in silence.
            json.WriteString("onFailure"u8, "block"u8);
        }
    }

    private static void WriteCodex(Utf8JsonWriter json, string name) => json.WriteNumber("timeout"u8, LimitSeconds);

    private static void WriteCursor(Utf8JsonWriter json, string name)
    {
        json.WriteNumber("timeout"u8, LimitSeconds);
        if (name == "preToolUse")
        {
            json.WriteBoolean("failClosed"u8, true); // else a hook that fails or hangs lets the edit through
        }
    }

    private static void WriteGemini(Utf8JsonWriter json, string name)
    {
        json.WriteString("name"u8, $"klock-{name}");
        json.WriteNumber("timeout"u8, LimitSeconds * 1000);
    }

    private static string CopilotFile(string program) => Json.Of(json =>
    {
        json.WriteNumber("version"u8, 1);
        json.WriteString("description"u8, "Made by klock install copilot.");
        json.WriteStartObject("hooks"u8);
        foreach (string name in _copilotEvents)
        {
            json.WriteStartArray(name);
            json.WriteStartObject();
            json.WriteString("type"u8, "command"u8);
            json.WriteString("bash"u8, $"{program} hook copilot {name}");
            json.WriteNumber("timeoutSec"u8, LimitSeconds);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }) + "\n";
}
