using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Json;

/// <summary>The shapes that answers share (SPEC section 3).</summary>
public static class Answers
{
    /// <summary>Makes a reply an error, whatever it was before.</summary>
    /// <param name="reply">Gets the JSON.</param>
    /// <param name="code">For a program.</param>
    /// <param name="sentence">For a person.</param>
    public static void WriteError(Reply reply, ErrorCode code, string sentence)
    {
        ArgumentNullException.ThrowIfNull(reply);
        reply.Clear();
        var json = new JsonText(reply.Writer);
        reply.Outcome = WriteError(ref json, code, sentence);
        json.Finish();
    }

    internal static Outcome WriteError(ref JsonText json, ErrorCode code, string sentence)
    {
        json.WriteStartObject();
        json.WriteBoolean(Names.Success, false);
        json.WriteString("code"u8, code.ToName());
        json.WriteString("error"u8, sentence);
        json.WriteEndObject();
        return Outcome.Failed(code);
    }

    /// <summary>Starts <c>{"success":true,"data":{</c>; ends with <see cref="EndData"/>.</summary>
    internal static void StartData(ref JsonText json) => json.AddLiteral("{\"success\":true,\"data\":{"u8);

    /// <summary>Ends what <see cref="StartData"/> started.</summary>
    internal static Outcome EndData(ref JsonText json)
    {
        json.AddLiteral("}}"u8);
        return Outcome.Done;
    }
}
