using System.Text.Json;

namespace Klock.Cli.Output;

/// <summary>The lists of a coordinator. Times are in words for a person, in ms since 1970 for a program.</summary>
internal static class Tables
{
    // The columns with the highest number are left out first.
    private const int Useful = 1;
    private const int LessUseful = 2;
    private const int ForExperts = 3;

    /// <summary>Leases, as granted or as listed.</summary>
    public static Table Leases(IEnumerable<JsonElement> leases)
    {
        JsonElement[] rows = [.. leases];
        int digits = ShortId.DigitsFor(rows.Select(IdOf));
        return new Table("Leases",
        [
            new Column("LEASE", IdOf, row => new Cell(IdOf(row)[..Math.Min(digits, IdOf(row).Length)], Tone.Head)),
            Resource(),
            new Column("PREDICATE", row => Text(row, "predicate"), row => new Cell(Text(row, "predicate"), ToneOf(row))),
            Agent(),
            Session(),
            Named("TOKEN", "fencing_token", Tone.Quiet) with { Spare = ForExperts },
            new Column("FOR", Plain: null, row => new Cell(Ago(row, "acquired_at"))),
            new Column("LEFT", row => Text(row, "expires_at"), row => Left(row, "expires_at")),
            Note(),
        ], rows);
    }

    /// <summary>Requests that wait, one row a resource.</summary>
    public static Table Waiters(IEnumerable<JsonElement> waiters) => new("Waiting",
    [
        Named("STATE", "state", Tone.Waiting),
        Resource(),
        Named("PREDICATE", "predicate"),
        Agent(),
        Session(),
        new Column("GIVES UP", row => Text(row, "wait_until"), row => Left(row, "wait_until")),
        Note(),
    ], [.. waiters]);

    /// <summary>What happened.</summary>
    public static Table Events(IEnumerable<JsonElement> events) => new("Events",
    [
        Named("SEQ", "seq", Tone.Quiet) with { Spare = LessUseful },
        new Column("AGO", row => Text(row, "at"), row => new Cell(Ago(row, "at"), Tone.Quiet)),
        Named("KIND", "kind"),
        Agent(),
        Resource(),
        Named("PREDICATE", "predicate") with { Spare = Useful },
        new Column("DETAIL", Detail, row => new Cell(Detail(row), Tone.Quiet)) { Least = 6 },
    ], [.. events]);

    /// <summary>Agents, the oldest first.</summary>
    public static Table Agents(IEnumerable<JsonElement> agents) => new("Agents",
    [
        Agent(),
        Named("PRIORITY", "priority"),
    ], [.. agents]);

    /// <summary>Where the state is.</summary>
    public static Table Where(JsonElement place) => new("Where",
    [
        Named("KIND", "kind"),
        Named("ADDRESS", "address") with { Least = 20 },
        Named("WHY", "why") with { Least = 20 },
    ], [place]);

    /// <summary>The servers of a list, and which of them answer.</summary>
    public static Table Servers(IReadOnlyList<JsonElement> servers) => new("Servers",
    [
        Named("SERVER", "address") with { Least = 20 },
        Named("ANSWERS", "answers"),
        Named("WHY NOT", "problem") with { Least = 20 },
    ], servers);

    private static Column Named(string name, string field, Tone tone = Tone.Plain) =>
        new(name, row => Text(row, field), row => new Cell(Text(row, field), tone));

    private static Column Resource() => new("RESOURCE", ResourceOf, row => new Cell(ResourceOf(row))) { Least = 20, IsPath = true };

    private static Column Agent() => Named("AGENT", "agent_id") with { Least = 8 };

    private static Column Session() => Named("SESSION", "session_id", Tone.Quiet) with { Least = 8, Spare = LessUseful };

    private static Column Note() => Named("NOTE", "note", Tone.Quiet) with { Least = 8 };

    private static string IdOf(JsonElement lease) => Text(lease, lease.TryGetProperty("id", out _) ? "id" : "lease_id");

    private static Tone ToneOf(JsonElement row) => Text(row, "predicate") is "CONSUMES" or "DEPENDS_ON" ? Tone.Reading : Tone.Writing;

    /// <summary>The namespace of a row's resource; null for none.</summary>
    public static string? NamespaceOf(JsonElement row) => row.TryGetProperty("namespace", out JsonElement name) ? name.GetString() : null;

    private static string ResourceOf(JsonElement row) =>
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

    private static string Ago(JsonElement row, string field) => MsUntil(row, field) is { } ms ? TimeText.Short(-ms) : "";

    private static Cell Left(JsonElement row, string field) => MsUntil(row, field) switch
    {
        null => default,
        < 10_000 and { } soon => new Cell(TimeText.Short(soon), Tone.Warning),
        { } ms => new Cell(TimeText.Short(ms)),
    };

    private static long? MsUntil(JsonElement row, string field) =>
        row.TryGetProperty(field, out JsonElement at) && at.TryGetInt64(out long ms)
            ? ms - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() : null;
}
