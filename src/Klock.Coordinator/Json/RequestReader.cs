using System.Text.Json;
using System.Text.Unicode;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Json;

/// <summary>Parses every valid request, or says what is wrong with it.</summary>
internal static class RequestReader
{
    /// <summary>The rules of the JSON parser.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = Limits.JsonDepth };

    /// <summary>Reads a whole request.</summary>
    /// <param name="utf8">The request.</param>
    /// <param name="places">Gets the places of its fields.</param>
    /// <exception cref="KlockException">It is not JSON, not a JSON object, or not UTF-8.</exception>
    public static void Read(ReadOnlySpan<byte> utf8, ref FieldPlaces places)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw Field.Invalid("The request is not valid UTF-8: it must be a JSON object in UTF-8.");
        }

        try
        {
            ReadRequest(utf8, ref places);
        }
        catch (JsonException notJson)
        {
            throw NotJson(notJson);
        }
    }

    private static void ReadRequest(ReadOnlySpan<byte> utf8, ref FieldPlaces places)
    {
        var json = new Utf8JsonReader(utf8, Options);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw Field.Invalid("The request is JSON but not an object: it must be a JSON object, as in {\"agent_id\":\"a\"}.");
        }

        ReadObject(ref json, ref places);

        // Reading on makes the parser refuse anything but white space after the outermost object.
        json.Read();
    }

    /// <summary>Reads the object that is a reader's current token, to its end.</summary>
    public static void ReadObject(ref Utf8JsonReader json, ref FieldPlaces places)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            Field? field = FieldNames.Find(ref json);
            json.Read();
            JsonTokenType kind = json.TokenType;
            bool isEscaped = json.ValueIsEscaped;
            int start = (int)json.TokenStartIndex;
            json.Skip();
            if (field is not null)
            {
                places[field.Index] = new FieldPlace(kind, start, (int)json.BytesConsumed - start, isEscaped);
            }
        }
    }

    // Only where a request is parsed: broken JSON elsewhere, in a file's rows, is not the caller's fault.
    private static KlockException NotJson(JsonException cause) => new(
        ErrorCode.InvalidRequest,
        $"The request is not JSON, or nested deeper than {Limits.JsonDepth} levels: "
            + $"line {cause.LineNumber + 1}, byte {cause.BytePositionInLine + 1}.",
        cause);
}
