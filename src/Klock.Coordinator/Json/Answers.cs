using System.Buffers;
using System.Text.Json;
using Klock.Kernel.Leases;

namespace Klock.Coordinator.Json;

/// <summary>The shapes that answers share (SPEC section 3).</summary>
public static class Answers
{
    /// <summary>How answers are written: compact, and with text as it is rather than escaped for HTML.</summary>
    internal static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes an error.</summary>
    /// <param name="answer">Gets the JSON.</param>
    /// <param name="code">For a program.</param>
    /// <param name="sentence">For a person.</param>
    public static void WriteError(IBufferWriter<byte> answer, ErrorCode code, string sentence)
    {
        using var json = new Utf8JsonWriter(answer, WriterOptions);
        WriteError(json, code, sentence);
    }

    internal static void WriteError(Utf8JsonWriter json, ErrorCode code, string sentence)
    {
        json.WriteStartObject();
        json.WriteBoolean(Names.Success, false);
        json.WriteString(Names.Code, NameOf(code));
        json.WriteString(Names.Error, sentence);
        json.WriteEndObject();
    }

    /// <summary>Starts <c>{"success":true,"data":{</c>; ends with <see cref="EndData"/>.</summary>
    internal static void StartData(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean(Names.Success, true);
        json.WriteStartObject(Names.Data);
    }

    internal static void EndData(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    internal static void WriteId(Utf8JsonWriter json, JsonEncodedText name, LeaseId id)
    {
        Span<byte> text = stackalloc byte[LeaseId.TextLength];
        id.Format(text);
        json.WriteString(name, text);
    }

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
