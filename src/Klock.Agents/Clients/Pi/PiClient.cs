using System.Text.Json;
using Klock.Agents.Events;

namespace Klock.Agents.Clients.Pi;

/// <summary>pi, through the extension that <c>klock install pi</c> writes: its events are the extension's.</summary>
internal sealed class PiClient : PluginClient
{
    private const long MostSeconds = 7 * 24 * 60 * 60;

    /// <inheritdoc/>
    public override string Name => "pi";

    // The tools of one message run at the same time, once all of them were let.
    /// <inheritdoc/>
    public override bool TakesTurns => false;

    /// <inheritdoc/>
    public override AgentEvent Read(string name, JsonElement input, Func<string, string?> environment)
    {
        // Other clients give the limit of a command in milliseconds.
        AgentEvent happened = base.Read(name, input, environment);
        return happened.Tool is { LimitMs: { } seconds } tool
            ? happened with { Tool = tool with { LimitMs = seconds is > 0 and <= MostSeconds ? seconds * 1000 : null } }
            : happened;
    }

    // The extension appends it to the tool's result, or to the next prompt.
    /// <inheritdoc/>
    public override bool CanSay(AgentEventKind kind) =>
        kind is AgentEventKind.AfterTool or AgentEventKind.SessionStart or AgentEventKind.Prompt;
}
