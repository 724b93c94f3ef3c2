namespace Klock.Agents.Clients.Codex;

/// <summary>OpenAI Codex CLI.</summary>
internal sealed class CodexClient : HookedClient
{
    /// <inheritdoc/>
    public override string Name => "codex";
}
