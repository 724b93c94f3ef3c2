using System.Text.Json;
using Klock.Server.Http;

namespace Klock.Server.Routes;

/// <summary>Who asked for what, for a log entry. Parsed only when such entries are logged.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Session">Its session.</param>
/// <param name="Predicate">What it wants to do.</param>
/// <param name="Resource">Of what; nothing for a manifest.</param>
internal readonly record struct Decision(string? Agent, string? Session, string? Predicate, string? Resource)
{
    /// <summary>Parses a request that was answered, valid or not.</summary>
    public static Decision Of(Exchange exchange)
    {
        try
        {
            using JsonDocument request = JsonDocument.Parse(exchange.Request.WrittenMemory);
            JsonElement fields = request.RootElement;
            string? type = Text(fields, "resource_type"), path = Text(fields, "resource_path");
            string? resource = path is null ? null
                : Text(fields, "namespace") is { } name ? $"{type}:{path} in {name}"
                : $"{type}:{path}";
            return new Decision(Text(fields, "agent_id"), Text(fields, "session_id"), Text(fields, "predicate"), resource);
        }
        catch (Exception notText) when (notText is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    // Oversized values were refused; the log does not repeat them.
    private static string? Text(JsonElement fields, string name) =>
        fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= 4096 } text
            ? text
            : null;
}
