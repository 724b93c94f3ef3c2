using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Codex;

/// <summary>OpenAI Codex CLI.</summary>
internal sealed class CodexClient : HookedClient
{
    /// <inheritdoc/>
    public override string Name => "codex";

    /// <inheritdoc/>
    public override bool CanReplaceCommands => true;

    // Any other mode has a sandbox, or may get one.
    /// <inheritdoc/>
    public override AgentEvent Read(string name, JsonElement input, Func<string, string?> environment) =>
        base.Read(name, input, environment) with { IsSandboxed = input.Text("permission_mode") != "bypassPermissions" };

    // It takes no replacement else, and asks the user all the same.
    /// <inheritdoc/>
    protected override bool AllowsReplaced => true;
}
