using System.Text;
using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Fuzz;

/// <summary>What SPEC section 3 says of every answer, whatever the request was.</summary>
internal static class Expect
{
    private const int LongestSentence = 2_000;

    private static readonly HashSet<string> s_codes =
        ["INVALID_REQUEST", "UNKNOWN_LEASE", "EXPIRED", "AGENT_BUSY", "PAYLOAD_TOO_LARGE", "CLOSED"];

    private static readonly HashSet<string> s_reasons = ["WAIT", "DIE", "WAIT_TIMEOUT"];

    /// <summary>Reads an answer as a strict client would.</summary>
    /// <exception cref="BrokenRuleException">It is not one that SPEC allows for a memory store that is well.</exception>
    public static AnswerKind Answer(ReadOnlySpan<byte> answer)
    {
        string text = Strict(answer);
        using JsonDocument document = Parse(text);
        JsonElement root = document.RootElement;
        Require(root.ValueKind == JsonValueKind.Object, "an answer is an object", text);
        Require(root.TryGetProperty("success", out JsonElement success) && success.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "it says whether it was a success", text);
        Require(text.StartsWith("{\"success\":", StringComparison.Ordinal), "and says so first", text);
        if (root.TryGetProperty("code", out JsonElement code))
        {
            return Error(root, code, text);
        }

        return success.GetBoolean() ? AnswerKind.Success : Refusal(root, text);
    }

    /// <summary>Calls what answers by returning, or refuses by a <see cref="KlockException"/> and by nothing else.</summary>
    public static void KlockExceptionOrNothing(ReadOnlySpan<byte> json, Parser parse)
    {
        try
        {
            parse(json);
        }
        catch (KlockException refused)
        {
            Require(refused.Code != ErrorCode.Internal, "bad input is no defect of our own", refused.Message);
            Require(refused.Message.Length is > 0 and < LongestSentence, "an error is one sentence", refused.Message);
        }
    }

    /// <summary>Reads a request.</summary>
    public delegate void Parser(ReadOnlySpan<byte> json);

    private static AnswerKind Error(JsonElement root, JsonElement code, string text)
    {
        string? name = code.GetString();
        Require(name is not null && s_codes.Contains(name), "the code is one that SPEC lists, and not INTERNAL", text);
        Require(root.TryGetProperty("error", out JsonElement error) && error.GetString() is { Length: > 0 and < LongestSentence },
            "an error is one sentence that echoes nothing huge", text);
        return name is "INVALID_REQUEST" or "PAYLOAD_TOO_LARGE" ? AnswerKind.BadRequest : AnswerKind.OtherError;
    }

    private static AnswerKind Refusal(JsonElement root, string text)
    {
        if (root.TryGetProperty("status", out JsonElement status))
        {
            Require(status.GetString() is "Wait" or "Die", "a manifest that is not granted is told Wait or Die", text);
            return AnswerKind.Refusal;
        }

        bool known = root.GetProperty("reason").GetString() is { } reason && s_reasons.Contains(reason);
        Require(known, "a refusal has one of three reasons", text);
        Require(root.GetProperty("wait_time").GetInt64() is >= 0 and <= 1_000, "wait_time is 0 to 1,000", text);
        JsonElement conflicts = root.GetProperty("conflicts");
        Require(conflicts.GetArrayLength() <= 16, "at most 16 conflicts are listed", text);
        Require(conflicts.GetArrayLength() <= root.GetProperty("conflicts_total").GetInt64(), "the total counts those listed too", text);
        Require(!text.Contains("lease_id", StringComparison.Ordinal) || !conflicts.EnumerateArray().Any(HasLeaseId),
            "nobody is told a lease id that is not theirs", text);
        return AnswerKind.Refusal;
    }

    private static bool HasLeaseId(JsonElement conflict) => conflict.TryGetProperty("lease_id", out _);

    private static string Strict(ReadOnlySpan<byte> answer)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(answer);
        }
        catch (DecoderFallbackException)
        {
            throw new BrokenRuleException($"an answer is valid UTF-8: {Convert.ToHexString(answer)}");
        }
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw new BrokenRuleException($"an answer is JSON: {text}");
        }
    }

    private static void Require(bool holds, string rule, string text)
    {
        if (!holds)
        {
            throw new BrokenRuleException($"{rule}: {text}");
        }
    }
}
