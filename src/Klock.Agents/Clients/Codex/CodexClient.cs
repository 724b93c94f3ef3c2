namespace Klock.Agents.Clients.Codex;

/// <summary>OpenAI Codex CLI.</summary>
internal sealed class CodexClient : HookedClient
{
    /// <inheritdoc/>
    public override string Name => "codex";

    /// <inheritdoc/>
    public override bool CanReplaceCommands => true;

    // It takes no replacement else, and asks the user all the same.
    /// <inheritdoc/>
    protected override bool AllowsReplaced => true;
}
