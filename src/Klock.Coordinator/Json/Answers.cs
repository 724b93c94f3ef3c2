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
        json.WriteString("code"u8, code.ToName());
        json.WriteString("error"u8, sentence);
        json.WriteEndObject();
    }

    /// <summary>Starts <c>{"success":true,"data":{</c>; ends with <see cref="EndData"/>.</summary>
    internal static void StartData(ref JsonText json) => json.AddLiteral("{\"success\":true,\"data\":{"u8);

    internal static void EndData(ref JsonText json) => json.AddLiteral("}}"u8);
}
