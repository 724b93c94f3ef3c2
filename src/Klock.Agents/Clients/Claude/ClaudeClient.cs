using System.Globalization;
using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Claude;

/// <summary>Claude Code.</summary>
internal sealed class ClaudeClient : HookedClient
{
    /// <summary>What the hook is called that waits in the background, after <c>PostToolBatch</c>.</summary>
    public const string WhenFree = "WhenFree";

    /// <inheritdoc/>
    public override string Name => "claude";

    /// <inheritdoc/>
    public override bool CanReplaceCommands => true;

    /// <inheritdoc/>
    /// <remarks>Its screen does. With <c>-p</c> it would stand still until the hook is done.</remarks>
    public override bool CanWake(Func<string, string?> environment) => environment("CLAUDE_CODE_ENTRYPOINT") == "cli";

    /// <inheritdoc/>
    protected override AgentEventKind KindOf(string name) => name == WhenFree ? AgentEventKind.Awaiting : base.KindOf(name);

    /// <inheritdoc/>
    protected override int ProcessOf(JsonElement input, Func<string, string?> environment) =>
        int.TryParse(environment("CLAUDE_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : 0;
}
