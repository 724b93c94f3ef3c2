using System.Globalization;
using System.Text.Json;

namespace Klock.Agents.Clients.Claude;

/// <summary>Claude Code.</summary>
internal sealed class ClaudeClient : HookedClient
{
    /// <inheritdoc/>
    public override string Name => "claude";

    /// <inheritdoc/>
    protected override int ProcessOf(JsonElement input, Func<string, string?> environment) =>
        int.TryParse(environment("CLAUDE_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : 0;
}
