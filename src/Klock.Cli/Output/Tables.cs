using System.Globalization;
using System.Text.Json;

namespace Klock.Cli.Output;

/// <summary>The lists of a coordinator as tables. Times are in words for a person, in ms since 1970 for a program.</summary>
internal static class Tables
{
    private static readonly string[] _leaseColumns = ["LEASE", "RESOURCE", "PREDICATE", "AGENT", "SESSION", "TOKEN", "EXPIRES", "NOTE"];
    private static readonly string[] _waiterColumns = ["STATE", "RESOURCE", "PREDICATE", "AGENT", "SESSION", "WAITS UNTIL", "NOTE"];
    private static readonly string[] _eventColumns = ["SEQ", "AT", "KIND", "AGENT", "RESOURCE", "PREDICATE", "DETAIL"];

    /// <summary>Leases, as granted or as listed.</summary>
    public static Table Leases(IEnumerable<JsonElement> leases) => new("Leases", _leaseColumns, [.. leases.Select(lease => new[]
    {
        Text(lease, lease.TryGetProperty("id", out _) ? "id" : "lease_id"), Resource(lease), Text(lease, "predicate"),
        Text(lease, "agent_id"), Text(lease, "session_id"), Text(lease, "fencing_token"), Time(lease, "expires_at"), Text(lease, "note"),
    })]);

    /// <summary>Requests that wait, one row a resource.</summary>
    public static Table Waiters(IEnumerable<JsonElement> waiters) => new("Waiting", _waiterColumns, [.. waiters.Select(waiter => new[]
    {
        Text(waiter, "state"), Resource(waiter), Text(waiter, "predicate"), Text(waiter, "agent_id"), Text(waiter, "session_id"),
        Time(waiter, "wait_until"), Text(waiter, "note"),
    })]);

    /// <summary>What happened.</summary>
    public static Table Events(IEnumerable<JsonElement> events) => new("Events", _eventColumns, [.. events.Select(one => new[]
    {
        Text(one, "seq"), Time(one, "at"), Text(one, "kind"), Text(one, "agent_id"), Resource(one), Text(one, "predicate"),
        Detail(one),
    })]);

    /// <summary>Agents, the oldest first.</summary>
    public static Table Agents(IEnumerable<JsonElement> agents) =>
        new("", ["AGENT", "PRIORITY"], [.. agents.Select(agent => new[] { Text(agent, "agent_id"), Text(agent, "priority") })]);

    /// <summary>In which namespace the resource of a row is; null for none.</summary>
    public static string? NamespaceOf(JsonElement row) => row.TryGetProperty("namespace", out JsonElement name) ? name.GetString() : null;

    private static string Resource(JsonElement row) =>
        NamespaceOf(row) is { } name ? $"{Text(row, "resource")} in {name}" : Text(row, "resource");

    private static string Detail(JsonElement one) => one switch
    {
        _ when one.TryGetProperty("reason", out JsonElement reason) => reason.GetString()!,
        _ when one.TryGetProperty("outcome", out JsonElement outcome) => outcome.GetString()!,
        _ when one.TryGetProperty("fencing_token", out JsonElement token) => "token " + token.GetRawText(),
        _ when one.TryGetProperty("priority", out JsonElement priority) => "priority " + priority.GetRawText(),
        _ => Text(one, "note"),
    };

    private static string Text(JsonElement row, string field) =>
        !row.TryGetProperty(field, out JsonElement value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.ValueKind == JsonValueKind.Null ? ""
        : value.GetRawText();

    private static string Time(JsonElement row, string field)
    {
        string text = Text(row, field);
        if (!Out.IsTerminal || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long ms))
        {
            return text;
        }

        double seconds = (ms - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) / 1000.0;
        return seconds >= 0
            ? string.Create(CultureInfo.InvariantCulture, $"in {seconds:0.0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{-seconds:0.0} s ago");
    }
}
