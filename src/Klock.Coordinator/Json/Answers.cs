using System.Buffers;

namespace Klock.Coordinator.Json;

/// <summary>The shapes that answers share (SPEC section 3).</summary>
public static class Answers
{
    /// <summary>Writes an error.</summary>
    /// <param name="answer">Gets the JSON.</param>
    /// <param name="code">For a program.</param>
    /// <param name="sentence">For a person.</param>
    public static void WriteError(ArrayBufferWriter<byte> answer, ErrorCode code, string sentence)
    {
        var json = new JsonText(answer);
        WriteError(ref json, code, sentence);
        json.Finish();
    }

    internal static void WriteError(ref JsonText json, ErrorCode code, string sentence)
    {
        json.WriteStartObject();
        json.WriteBoolean(Names.Success, false);
        json.WriteString("code"u8, NameOf(code));
        json.WriteString("error"u8, sentence);
        json.WriteEndObject();
    }

    /// <summary>Starts <c>{"success":true,"data":{</c>; ends with <see cref="EndData"/>.</summary>
    internal static void StartData(ref JsonText json) => json.AddLiteral("{\"success\":true,\"data\":{"u8);

    internal static void EndData(ref JsonText json) => json.AddLiteral("}}"u8);

    private static ReadOnlySpan<byte> NameOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidRequest => "INVALID_REQUEST"u8,
        ErrorCode.UnknownLease => "UNKNOWN_LEASE"u8,
        ErrorCode.Expired => "EXPIRED"u8,
        ErrorCode.AgentBusy => "AGENT_BUSY"u8,
        ErrorCode.PayloadTooLarge => "PAYLOAD_TOO_LARGE"u8,
        ErrorCode.StorageUnavailable => "STORAGE_UNAVAILABLE"u8,
        ErrorCode.Closed => "CLOSED"u8,
        ErrorCode.Unauthorized => "UNAUTHORIZED"u8,
        ErrorCode.Forbidden => "FORBIDDEN"u8,
        _ => "INTERNAL"u8,
    };
}
