using System.Text.Json;

namespace Klock.Storage.Tests.Harness;

/// <summary>An answer, as text and as JSON. Its shape was held against the specification before a test sees it.</summary>
public sealed class Answer(string text)
{
    public string Text { get; } = text;

    public JsonElement Json { get; } = JsonDocument.Parse(text).RootElement;

    public bool Success => Json.GetProperty("success").GetBoolean();

    /// <summary>What was asked for; fails the test when the answer is a refusal or an error.</summary>
    public JsonElement Data =>
        Json.TryGetProperty("data", out JsonElement data) ? data : throw new InvalidOperationException("no data: " + Text);

    public string LeaseId => Data.GetProperty("lease_id").GetString()!;

    public long Token => Data.GetProperty("fencing_token").GetInt64();

    public long ExpiresAt => Data.GetProperty("expires_at").GetInt64();

    /// <summary>WAIT or DIE; null when it is not a refusal.</summary>
    public string? Reason => TextOf("reason");

    /// <summary>The error's code; null when it is not an error.</summary>
    public string? Code => TextOf("code");

    /// <summary>The error's sentence; null when it is not an error.</summary>
    public string? Error => TextOf("error");

    public JsonElement Field(string name) => Json.GetProperty(name);

    public override string ToString() => Text;

    private string? TextOf(string name) => Json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
