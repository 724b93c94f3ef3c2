using System.Text.Json;

namespace Klock.Storage.Hammer;

/// <summary>The part of an answer that a worker uses.</summary>
/// <param name="Verdict">GRANT for every success, WAIT or DIE for a refusal, else the error's code.</param>
/// <param name="LeaseId">The lease, where the answer names one.</param>
/// <param name="Token">Its fencing token, in a grant.</param>
/// <param name="ExpiresAtMs">When it runs out, in a grant or a renewal.</param>
/// <param name="Text">The whole answer.</param>
public sealed record Heard(string Verdict, string LeaseId, long Token, long ExpiresAtMs, string Text)
{
    public const string Granted = "GRANT";

    public bool IsGranted => Verdict == Granted;

    internal static Heard From(JsonElement answer)
    {
        JsonElement data = answer.TryGetProperty("data", out JsonElement found) ? found : default;
        string verdict = answer.GetProperty("success").GetBoolean() ? Granted
            : answer.TryGetProperty("reason", out JsonElement reason) ? reason.GetString()!
            : answer.GetProperty("code").GetString()!;
        return new Heard(
            verdict, TextOf(data, "lease_id"), NumberOf(data, "fencing_token"), NumberOf(data, "expires_at"), answer.GetRawText());
    }

    private static string TextOf(JsonElement data, string name) => TryGet(data, name, out JsonElement value) ? value.GetString()! : "";

    private static long NumberOf(JsonElement data, string name) => TryGet(data, name, out JsonElement value) ? value.GetInt64() : 0;

    private static bool TryGet(JsonElement data, string name, out JsonElement value)
    {
        value = default;
        return data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out value);
    }
}
