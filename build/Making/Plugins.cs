using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>
/// What clients and catalogues load: the hooks in the clients' own formats, dist/plugins/CLIENT, which the command line itself writes, and
/// the entry for registries of MCP servers, dist/plugins/mcp/server.json.
/// </summary>
internal static class Plugins
{
    private static readonly string[] _clients = ["claude", "gemini"];

    /// <summary>Makes them.</summary>
    /// <exception cref="BuildFailure">The command line does not write one.</exception>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        string folder = Path.Combine(Repo.Dist, "plugins");
        await Step.RunAsync("plugins", cancel,
            [.. _clients.Select(client => new Child(
                Repo.Program("klock"), "install", client, "--plugin", Path.Combine(folder, client)))]);
        string entry = await File.ReadAllTextAsync(Repo.At("bindings", "mcp", "server.json"), cancel);
        Directory.CreateDirectory(Path.Combine(folder, "mcp"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "mcp", "server.json"), entry.Replace("VERSION", Repo.Version, StringComparison.Ordinal), cancel);
    }
}
