using System.Text.Json;

namespace Klock.Cli.Output;

/// <summary>An answer of a coordinator, wherever it is (SPEC section 3).</summary>
internal sealed class Answer
{
    public Answer(ReadOnlyMemory<byte> utf8)
    {
        Utf8 = utf8;
        Json = JsonDocument.Parse(utf8).RootElement;
    }

    /// <summary>Its text.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public JsonElement Json { get; }

    public bool IsSuccess => Json.GetProperty("success").GetBoolean();

    public JsonElement Data => Json.GetProperty("data");

    /// <summary>Of an error: its name.</summary>
    public string? Code => TextOf("code");

    /// <summary>Of a refusal: WAIT, DIE or WAIT_TIMEOUT.</summary>
    public string? Reason => TextOf("reason");

    /// <summary>Of an error or a refusal: one sentence.</summary>
    public string Sentence => TextOf("error") ?? TextOf("message") ?? "the request failed";

    private string? TextOf(string field) => Json.TryGetProperty(field, out JsonElement value) ? value.GetString() : null;
}
