using System.Diagnostics;
using System.Text.Json;
using Klock.Agents.Clients;

namespace Klock.Agents.Doctor;

/// <summary>
/// Asks Codex itself which hooks of a folder it runs: <c>codex app-server</c> speaks JSON-RPC, a message a line, and its
/// <c>hooks/list</c> says of each whether it was reviewed.
/// </summary>
internal static class CodexHooks
{
    private const int ListId = 2;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    /// <summary>Of each hook that a file has, whether Codex trusts it as it is now; null when Codex does not answer.</summary>
    /// <param name="program">The program <c>codex</c>.</param>
    /// <param name="folder">The work tree.</param>
    /// <param name="file">The hook file.</param>
    public static IReadOnlyList<string>? TrustOf(string program, string folder, string file)
    {
        try
        {
            using Process codex = Process.Start(new ProcessStartInfo(program, ["app-server"])
            {
                WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            try
            {
                codex.ErrorDataReceived += (_, _) => { }; // read, so that it never waits for a reader
                codex.BeginErrorReadLine();
                Task<JsonElement?> answer = AskAsync(codex, folder);
                return answer.Wait(_limit) && answer.Result is { } hooks ? Statuses(hooks, file) : null;
            }
            finally
            {
                codex.Kill(entireProcessTree: true);
            }
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or IOException or InvalidOperationException
            or AggregateException)
        {
            return null; // an older Codex, or none
        }
    }

    private static async Task<JsonElement?> AskAsync(Process codex, string folder)
    {
        await codex.StandardInput.WriteLineAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"klock","title":"Klock","version":"1"},"""
            + """ "capabilities":{"experimentalApi":true}}}""");
        await codex.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"initialized"}""");
        await codex.StandardInput.WriteLineAsync(Json.Of(json =>
        {
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WriteNumber("id"u8, ListId);
            json.WriteString("method"u8, "hooks/list"u8);
            json.WriteStartObject("params"u8);
            json.WriteStartArray("cwds"u8);
            json.WriteStringValue(folder);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
        await codex.StandardInput.FlushAsync();
        while (await codex.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Parse(line) is { } message && message.Number("id") == ListId)
            {
                return message.Field("result");
            }
        }

        return null;
    }

    private static IReadOnlyList<string>? Statuses(JsonElement result, string file) => result.Has("data")
        ? [.. result.Elements("data").SelectMany(each => each.Elements("hooks"))
            .Where(hook => hook.Text("key")?.StartsWith(file + ":", StringComparison.Ordinal) == true)
            .Select(hook => hook.Text("trustStatus") ?? "unknown")]
        : null;

    private static JsonElement? Parse(string line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
