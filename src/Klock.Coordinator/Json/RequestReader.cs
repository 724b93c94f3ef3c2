using System.Text.Json;
using System.Text.Unicode;

namespace Klock.Coordinator.Json;

/// <summary>Walks over a request's fields. Whatever is not JSON is refused before anything is decided.</summary>
internal static class RequestReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = Limits.JsonDepth };

    /// <summary>A reader that stands on the opening brace of the request.</summary>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Limits.RequestBytes)
        {
            throw new KlockException(
                ErrorCode.PayloadTooLarge, $"The request is larger than {Limits.RequestBytes} bytes, which is the most allowed.");
        }

        if (!Utf8.IsValid(utf8))
        {
            throw Field.Invalid("The request is not valid UTF-8: it must be a JSON object in UTF-8.");
        }

        var json = new Utf8JsonReader(utf8, Options);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw Field.Invalid("The request is JSON but not an object: it must be a JSON object, as in {\"agent_id\":\"a\"}.");
        }

        return json;
    }

    /// <summary>Moves to the next field's name; false at the end of the object, and of the request if it is the outermost.</summary>
    public static bool NextField(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.PropertyName)
        {
            return true;
        }

        // The reader itself refuses anything but white space after the outermost object, when it is asked to read on.
        if (json.CurrentDepth == 0)
        {
            json.Read();
        }

        return false;
    }

    /// <summary>Whether the reader stands on the name of this field; if so, moves on to its value.</summary>
    public static bool IsValueOf(Field field, ref Utf8JsonReader json) => field.IsAt(ref json) && json.Read();

    /// <summary>Passes over the value of a field that nobody here knows.</summary>
    public static void SkipValue(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    /// <summary>What is said of a request that is not JSON.</summary>
    public static KlockException NotJson(JsonException cause) => new(
        ErrorCode.InvalidRequest,
        $"The request is not JSON, or nested deeper than {Limits.JsonDepth} levels: "
            + $"line {cause.LineNumber + 1}, byte {cause.BytePositionInLine + 1}.",
        cause);
}
