using System.Text.Json;
using Klock.Agents.Clients;

namespace Klock.Agents.Doctor;

/// <summary>
/// What in a settings file makes Claude Code drop all of it, and Klock's hooks with it; only its stderr says so. As seen on 2.1.332.
/// </summary>
internal static class ClaudeSettings
{
    private static readonly string[] _types = ["command", "prompt", "agent", "http", "mcp_tool"];
    private static readonly string[] _onFailure = ["block", "continue"];

    /// <summary>Why the file is dropped; null when nothing is known against it.</summary>
    /// <param name="file">Its content.</param>
    public static string? Problem(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var json = JsonDocument.Parse(file.Span.StartsWith("\uFEFF"u8) ? file[3..] : file);
            return json.RootElement.Field("hooks").Elements("PreToolUse").SelectMany(group => group.Elements("hooks"))
                .Select(Problem).FirstOrDefault(problem => problem is not null);
        }
        catch (JsonException broken)
        {
            return $"it is no JSON as Claude Code reads it, with neither comments nor commas at the end ({broken.Message.TrimEnd('.')})";
        }
    }

    private static string? Problem(JsonElement handler, int at)
    {
        string where = $"PreToolUse, hook {at + 1}";
        string? type = handler.Text("type"), onFailure = handler.Text("onFailure");
        JsonElement timeout = handler.Field("timeout");
        return type is null || !_types.Contains(type) ? $"{where}: type must be one of {string.Join(", ", _types)}, not {type ?? "none"}"
            : handler.Has("onFailure") && (onFailure is null || !_onFailure.Contains(onFailure))
                ? $"{where}: onFailure must be one of {string.Join(", ", _onFailure)}, not {handler.Field("onFailure")}"
            : timeout.ValueKind != JsonValueKind.Undefined && !(timeout.ValueKind == JsonValueKind.Number && timeout.GetDouble() > 0)
                ? $"{where}: timeout must be a number above 0, not {timeout}"
            : null;
    }
}
