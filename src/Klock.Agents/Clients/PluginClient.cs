using System.Text.Json;

namespace Klock.Agents.Clients;

/// <summary>
/// A client whose hooks are code in its own process: its events are those of the plugin that <c>klock install</c> writes.
/// </summary>
internal abstract class PluginClient : HookedClient
{
    /// <inheritdoc/>
    public override HookReply Refuse(string name, string reason) => new(Json.Of(json =>
    {
        json.WriteString("decision"u8, "block"u8);
        json.WriteString("reason"u8, reason);
    }));

    /// <inheritdoc/>
    protected override int ProcessOf(JsonElement input, Func<string, string?> environment) =>
        input.Number("client_pid") is > 0 and <= int.MaxValue and { } process ? (int)process : 0;
}
