using System.Text.Encodings.Web;
using System.Text.Json;

namespace Klock.Storage.Tests.Harness;

/// <summary>A request that is put together field by field, so that a test can leave out or spoil one. Immutable.</summary>
internal sealed class Request
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly (string Name, object? Value)[] _fields;

    private Request(IEnumerable<(string Name, object? Value)> fields) => _fields = [.. fields];

    public static Request Of(params (string Name, object? Value)[] fields) => new(fields);

    public static Request Acquire(string agent = "a", string predicate = "MUTATES", string path = "src/a.ts") => Of(
        ("agent_id", agent), ("session_id", "s"), ("resource_type", "FILE"), ("resource_path", path),
        ("predicate", predicate), ("ttl", 60_000));

    public static Request Declare(string agent, string session, params object[] intents) =>
        Of(("agent_id", agent), ("session_id", session), ("intents", intents));

    public static object Intent(string predicate, string path, string type = "FILE") =>
        new Dictionary<string, object?> { ["predicate"] = predicate, ["resource_type"] = type, ["resource_path"] = path };

    /// <summary>The same with a field set, in its place if it was there.</summary>
    public Request With(string name, object? value) => new(_fields.Any(field => field.Name == name)
        ? _fields.Select(field => field.Name == name ? (name, value) : field)
        : _fields.Append((name, value)));

    public Request Without(string name) => new(_fields.Where(field => field.Name != name));

    /// <summary>Text that is to stand in the request as it is, be it JSON or not.</summary>
    public static Verbatim Raw(string text) => new(text);

    public override string ToString() => "{" + string.Join(',', _fields.Select(field => $"\"{field.Name}\":{Write(field.Value)}")) + "}";

    private static string Write(object? value) => value is Verbatim raw ? raw.Text : JsonSerializer.Serialize(value, Plain);

    public sealed record Verbatim(string Text);
}
