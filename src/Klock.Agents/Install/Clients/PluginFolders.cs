using System.Text;
using System.Text.Json;
using Klock.Agents.Clients;

namespace Klock.Agents.Install.Clients;

/// <summary>
/// The same hooks, and the MCP server, in a client's own format for sharing: a plugin of Claude Code, an extension of Gemini CLI.
/// </summary>
internal static class PluginFolders
{
    private const string Hooks = "hooks/hooks.json";
    private const string About = "Klock: an edit of one agent waits while another is changing the same file. Needs klock on PATH.";

    // A plugin goes from machine to machine: there, klock is what PATH leads to.
    private const string Program = "klock";

    /// <summary>The clients that have such a format.</summary>
    public static IReadOnlyList<string> Names { get; } = ["claude", "gemini"];

    /// <summary>What is to be written into a folder.</summary>
    /// <param name="client">One of <see cref="Names"/>.</param>
    /// <param name="folder">The plugin's folder.</param>
    /// <param name="version">The plugin's version: that of Klock.</param>
    /// <exception cref="InstallException">A file of somebody else's is there.</exception>
    public static IReadOnlyList<PlannedFile> Write(string client, string folder, string version)
    {
        var installer = (FileInstaller)InstallerTable.Find(client)!;
        return
        [
            .. Manifests(client, version).Append((Path: Hooks, Text: Encoding.UTF8.GetString(installer.HooksAlone(Program)))).Select(file =>
            {
                string path = Path.Combine(folder, file.Path);
                byte[]? before = HookFile.Read(path);
                return before is null || Encoding.UTF8.GetString(before).Contains(Program, StringComparison.Ordinal)
                    ? new PlannedFile(path, before, Encoding.UTF8.GetBytes(file.Text))
                    : throw new InstallException(path, "it is there and is no plugin of Klock");
            }),
        ];
    }

    private static IEnumerable<(string Path, string Text)> Manifests(string client, string version) => client == "claude"
        ?
        [
            (".claude-plugin/plugin.json", Text(json => Describe(json, version))),
            (".claude-plugin/marketplace.json", Text(WriteMarketplace)),
        ]
        : [("gemini-extension.json", Text(json => Describe(json, version)))];

    private static void Describe(Utf8JsonWriter json, string version)
    {
        json.WriteString("name"u8, Program);
        json.WriteString("version"u8, version);
        json.WriteString("description"u8, About);
        json.WriteStartObject("mcpServers"u8);
        json.WriteStartObject(Program);
        json.WriteString("command"u8, Program);
        json.WriteStartArray("args"u8);
        json.WriteStringValue("mcp"u8);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // A folder that is a marketplace of one plugin, itself.
    private static void WriteMarketplace(Utf8JsonWriter json)
    {
        json.WriteString("name"u8, Program);
        json.WriteStartObject("owner"u8);
        json.WriteString("name"u8, "The Klock developers"u8);
        json.WriteEndObject();
        json.WriteStartArray("plugins"u8);
        json.WriteStartObject();
        json.WriteString("name"u8, Program);
        json.WriteString("source"u8, "./"u8);
        json.WriteString("description"u8, About);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string Text(Action<Utf8JsonWriter> write) => Json.Of(write) + "\n";
}
