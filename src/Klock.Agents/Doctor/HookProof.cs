using System.Text.Json;
using Klock.Agents.Clients;

namespace Klock.Agents.Doctor;

/// <summary>What a proof of a hook found.</summary>
/// <param name="Problem">Why it does not protect; null when it does.</param>
/// <param name="Time">How long the hook took that let an edit through.</param>
internal sealed record ProofResult(string? Problem, TimeSpan Time);

/// <summary>
/// Proves that a hook protects: its very command, as the client runs it, lets a first agent edit a file and blocks a second one, in a
/// store that is there for nothing else.
/// </summary>
internal static class HookProof
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    /// <summary>Runs the proof.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The event that comes before a tool, as the client calls it.</param>
    /// <param name="command">The command of the hook, as a shell reads it.</param>
    public static ProofResult Run(IClient client, string name, string command)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("klock-doctor-");
        try
        {
            string file = Path.Combine(scratch.FullName, "proof.txt");
            File.WriteAllText(file, "one\n");
            RunResult first = Ask(command, name, scratch.FullName, file, "doctor-1");
            if (first.ExitCode != 0 || first.Output.Trim() != client.Allow(name).Output)
            {
                return new ProofResult($"the hook does not let an edit through: {Said(first)}", first.Time);
            }

            RunResult second = Ask(command, name, scratch.FullName, file, "doctor-2");
            string expected = client.Refuse(name, "").Output;
            return second.ExitCode == 0 && IsRefusal(second.Output, expected)
                ? new ProofResult(null, first.Time)
                : new ProofResult($"the hook lets two agents edit one file: {Said(second)}", first.Time);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static RunResult Ask(string command, string name, string folder, string file, string session) =>
        Runner.Run("/bin/sh", ["-c", command], folder, Json.Of(json =>
        {
            json.WriteString("session_id"u8, session);
            json.WriteString("cwd"u8, folder);
            json.WriteString("hook_event_name"u8, name);
            json.WriteString("tool_name"u8, "Edit"u8);
            json.WriteStartObject("tool_input"u8);
            json.WriteString("file_path"u8, file);
            json.WriteString("old_string"u8, "one"u8);
            json.WriteString("new_string"u8, "two"u8);
            json.WriteEndObject();
            json.WriteString("tool_use_id"u8, session);
        }),
        new Dictionary<string, string?>
        {
            ["XDG_STATE_HOME"] = Path.Combine(folder, "state"), ["KLOCK_WAIT"] = "0s", ["KLOCK_HOOKS"] = null, ["KLOCK_STORAGE"] = null,
            ["KLOCK_SERVER"] = null, ["KLOCK_SOCKET"] = null, ["CLAUDE_PID"] = null, ["COPILOT_CLI"] = null,
        },
        _limit);

    // The same fields with the same values, but for the reason.
    private static bool IsRefusal(string output, string expected)
    {
        try
        {
            using JsonDocument said = JsonDocument.Parse(output), wanted = JsonDocument.Parse(expected);
            return wanted.RootElement.EnumerateObject().All(field => said.RootElement.Field(field.Name).ValueKind == field.Value.ValueKind
                && (field.Value.ValueKind != JsonValueKind.String || field.Value.GetString() is "" or null
                    || field.Value.GetString() == said.RootElement.Text(field.Name)));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Said(RunResult result)
    {
        string text = result.Error.Trim() is { Length: > 0 } error ? error : result.Output.Trim();
        string exit = result.ExitCode is { } code ? $"exit code {code}" : "it was not run to its end";
        return text.Length == 0 ? exit : $"{exit}, {text.Split('\n')[0]}";
    }
}
