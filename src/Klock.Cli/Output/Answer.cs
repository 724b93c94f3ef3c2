using System.Text;
using System.Text.Json;
using Klock.Coordinator;

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

    /// <summary>Of an error: which it is; null when it is none, or none that this Klock knows.</summary>
    public ErrorCode? Error => TextOf("code") is { } code ? ErrorCodeNames.Find(Encoding.UTF8.GetBytes(code)) : null;

    /// <summary>Of a refusal: WAIT, DIE or WAIT_TIMEOUT.</summary>
    public string? Reason => TextOf("reason");

    /// <summary>Of an error or a refusal: one sentence.</summary>
    public string Sentence => TextOf("error") ?? TextOf("message") ?? "the request failed";

    /// <summary>Of an error: the end of this program.</summary>
    public CliFailure ToFailure() => CliFailure.Of(Error ?? ErrorCode.Internal, Sentence);

    private string? TextOf(string field) => Json.TryGetProperty(field, out JsonElement value) ? value.GetString() : null;
}
