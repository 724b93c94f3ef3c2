using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>The hooks in the clients' own formats, dist/plugins/CLIENT, which the command line itself writes.</summary>
internal static class Plugins
{
    private static readonly string[] _clients = ["claude", "gemini"];

    /// <summary>Makes them.</summary>
    /// <exception cref="BuildFailure">The command line does not write one.</exception>
    public static Task MakeAsync(CancellationToken cancel) => Step.RunAsync("plugins", cancel,
        [.. _clients.Select(client => new Child(
            Repo.Program("klock"), "install", client, "--plugin", Path.Combine(Repo.Dist, "plugins", client)))]);
}
