using System.Text.Json;
using Klock.Agents.Changes;
using Klock.Agents.Events;
using Klock.Agents.Patches;
using Klock.Agents.Shell;

namespace Klock.Agents.Clients;

/// <summary>What the tools of the clients do, by name and input. The names differ little, so one table serves all.</summary>
internal static class Tools
{
    private static readonly HashSet<string> _readOnly = new(StringComparer.Ordinal)
    {
        "Glob", "Grep", "LS", "WebFetch", "WebSearch", "TodoWrite", "TaskOutput", "ToolSearch", "AskUserQuestion", "ExitPlanMode", "Skill",
        "glob", "grep", "list", "ls", "webfetch", "websearch", "todowrite", "todoread", "question", "skill",
        "list_directory", "search_file_content", "grep_search", "google_web_search", "web_fetch", "write_todos", "complete_task",
        "update_plan", "view_image", "report_intent", "todo_write", "save_memory", "activate_skill", "codebase_investigator",
    };

    private static readonly HashSet<string> _spawning = new(StringComparer.Ordinal)
    {
        "Agent", "Task", "task", "agent", "invoke_agent", "collaborationspawn_agent", "spawn_agent",
    };

    private static readonly string[] _pathFields = ["file_path", "filePath", "path", "absolute_path", "notebook_path", "target_file"];

    private static readonly string[] _pathLists = ["paths", "include", "files"];

    // By which an unknown tool is taken for one that writes: what it writes has such a name in every client seen.
    private static readonly string[] _contentFields =
        ["content", "contents", "new_string", "newString", "new_str", "edits", "file_text", "insert_text", "new_source", "patch", "diff"];

    // Of a tool that names no file, these alone mean that it writes one: a message has a content too.
    private static readonly string[] _editFields =
        ["new_string", "newString", "new_str", "edits", "file_text", "insert_text", "new_source", "patch", "diff"];

    /// <summary>Reads a call.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="callId">The client's id of the call; null for none.</param>
    /// <param name="input">Its input: an object, or the text of a patch.</param>
    public static ToolUse Read(string name, string? callId, JsonElement input)
    {
        var use = new ToolUse { Name = name, CallId = callId ?? "", Digest = McpCall.Digest(name, input) };
        return name switch
        {
            "editor" => Write(use, input, EditorKind(input)),
            "Edit" or "MultiEdit" or "replace" or "edit" or "multiedit" or "str_replace" or "str_replace_editor" or "NotebookEdit"
                when !IsPatch(name, input) => Write(use, input, EditKind(input)),
            "Write" or "write_file" or "write" or "create" or "create_file" when !IsPatch(name, input) =>
                Write(use, input, ChangeKind.Overwrite),
            "Delete" => Write(use, input, ChangeKind.Delete),
            "apply_patch" or "patch" or "ApplyPatch" or "Edit" or "Write" => Patch(use, input),
            "Bash" or "bash" or "Shell" or "shell" or "run_shell_command" or "exec_command" or "execute_command" or "local_shell"
                or "run_commands" => Command(use, input),
            "Read" or "read" or "read_file" or "read_files" or "read_many_files" or "view" or "NotebookRead" =>
                use with { Reads = Paths(input) },
            "" => use with { Trouble = "the event names no tool" },
            _ when _spawning.Contains(name) => use with { StartsSubagent = true },
            _ when _readOnly.Contains(name) => use,
            _ => Unknown(use, input),
        };
    }

    // Copilot runs its patches under the names of Claude's tools.
    private static bool IsPatch(string name, JsonElement input) => name is "Edit" or "Write" && input.ValueKind == JsonValueKind.String;

    // An edit with nothing to find writes the whole file.
    private static ChangeKind EditKind(JsonElement input) =>
        input.FirstText("old_string", "oldString", "old_str") is null && (input.Has("old_string") || input.Has("oldString"))
            ? ChangeKind.Overwrite : ChangeKind.Edit;

    // Cline's: without a text to find or a line to insert at it writes the whole file.
    private static ChangeKind EditorKind(JsonElement input) =>
        input.FirstText("old_text") is null && !input.Has("insert_line") ? ChangeKind.Overwrite : ChangeKind.Edit;

    private static ToolUse Write(ToolUse use, JsonElement input, ChangeKind kind) =>
        input.FirstText(_pathFields) is { } path
            ? use with { Changes = [new FileChange(path, kind)] }
            : use with { Trouble = $"the tool {use.Name} names no file in {string.Join(", ", _pathFields)}" };

    private static ToolUse Patch(ToolUse use, JsonElement input)
    {
        string? text = input.ValueKind == JsonValueKind.String ? input.GetString()
            : input.FirstText("command", "input", "patch", "patchText", "patch_text");
        if (text is null)
        {
            return use with { Trouble = $"the tool {use.Name} has no patch" };
        }

        PatchReading reading = PatchText.Read(text);
        return use with { Changes = reading.Changes, Trouble = reading.Trouble };
    }

    private static ToolUse Command(ToolUse use, JsonElement input)
    {
        string? command = input.Text("command") ?? input.Text("cmd")
            ?? (input.Field("command") is { ValueKind: JsonValueKind.Array } words ? Joined(words) : Lines(input));
        return command is null
            ? use with { Trouble = $"the tool {use.Name} has no command" }
            : use with
            {
                Command = FencedCommand.Read(command),
                Input = input,
                Folder = input.FirstText("workdir", "dir_path", "directory", "working_directory"),
                LimitMs = input.Number("timeout") ?? input.Number("timeout_ms"),
            };
    }

    // Cline's list of commands, each a text, or a program with its arguments; null when there is none, or something else in it.
    private static string? Lines(JsonElement input)
    {
        List<string> lines = [];
        foreach (JsonElement each in input.Elements("commands"))
        {
            string? line = each.ValueKind == JsonValueKind.String ? each.GetString()
                : each.Text("command") is { } program ? $"{program} {Joined(each.Field("args"))}" : null;
            if (line is null)
            {
                return null;
            }

            lines.Add(line);
        }

        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    // An argument vector as a shell would have it, each word quoted.
    private static string Joined(JsonElement words) => words.ValueKind != JsonValueKind.Array ? ""
        : string.Join(' ', words.EnumerateArray().Select(word => ShellWord.Quoted(word.ToString())));

    private static IReadOnlyList<string> Paths(JsonElement input) => input.FirstText(_pathFields) is { } path ? [path]
        : [.. _pathLists.SelectMany(field => input.Elements(field))
            .Select(each => each.ValueKind == JsonValueKind.String ? each.GetString() : each.FirstText(_pathFields)).OfType<string>()];

    private static ToolUse Unknown(ToolUse use, JsonElement input) =>
        input.ValueKind != JsonValueKind.Object || !Array.Exists(_contentFields, field => input.Has(field)) ? use
        : input.FirstText(_pathFields) is { } path ? use with { Changes = [new FileChange(path, ChangeKind.Overwrite)] }
        : Array.Exists(_editFields, field => input.Has(field))
            ? use with { Trouble = $"the tool {use.Name} is not known, and seems to write" }
        : use;
}
