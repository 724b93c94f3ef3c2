using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>An answer of a coordinator, wherever it is (SPEC section 3).</summary>
internal sealed class Answer
{
    /// <summary>An answer of a coordinator in this process.</summary>
    public Answer(Reply reply)
        : this(reply.Text, JsonDocument.Parse(reply.Text).RootElement, reply.Outcome)
    {
    }

    private Answer(ReadOnlyMemory<byte> utf8, JsonElement json, Outcome outcome) => (Utf8, Json, Outcome) = (utf8, json, outcome);

    /// <summary>Its text.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public JsonElement Json { get; }

    /// <summary>Its kind.</summary>
    public Outcome Outcome { get; }

    public JsonElement Data => Json.GetProperty("data");

    /// <summary>The leases of an answer that granted them.</summary>
    public IEnumerable<JsonElement> Leases =>
        Data.TryGetProperty("leases", out JsonElement several) ? several.EnumerateArray() : [Data];

    /// <summary>The sentence of an error or a refusal.</summary>
    public string Sentence => TextOf(Json, "error") ?? TextOf(Json, "message") ?? "the request failed";

    /// <summary>Parses what a server sent; null when it is no answer of a coordinator.</summary>
    public static Answer? Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            JsonElement json = JsonDocument.Parse(utf8).RootElement;
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("success", out JsonElement success)
                && success.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? new Answer(utf8, json, OutcomeOf(json, success.GetBoolean())) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An error as the failure that ends this program.</summary>
    public CliFailure ToFailure() => CliFailure.Of(Outcome.Error ?? ErrorCode.Internal, Sentence);

    // A manifest that is only declared is answered with the status it would get. What only a newer server knows counts as a failure.
    private static Outcome OutcomeOf(JsonElement json, bool isSuccess) =>
        isSuccess || json.TryGetProperty("status", out _) ? Outcome.Done
        : TextOf(json, "reason") is { } reason && RefusalReasons.Find(reason) is { } known ? Outcome.Refused(known)
        : Outcome.Failed((TextOf(json, "code") is { } code ? ErrorCodes.Find(code) : null) ?? ErrorCode.Internal);

    private static string? TextOf(JsonElement json, string field) =>
        json.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
