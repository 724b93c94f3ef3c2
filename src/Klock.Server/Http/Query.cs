using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Http;

/// <summary>The query of a request: what follows the path's question mark.</summary>
internal static class Query
{
    /// <summary>One field of the query; null when it is not there.</summary>
    /// <exception cref="KlockException">It is there twice.</exception>
    public static string? Field(HttpRequest request, string name) => request.Query[name] switch
    {
        [] => null,
        [var value] => value,
        _ => throw new KlockException(ErrorCode.InvalidRequest, $"{name} is in the query more than once: it may be there once."),
    };

    /// <summary>Writes a request whose fields come from the query.</summary>
    /// <exception cref="KlockException">A field is there twice.</exception>
    public static void Write(HttpRequest request, Operation operation, IBufferWriter<byte> into)
    {
        using var json = new Utf8JsonWriter(into);
        json.WriteStartObject();
        foreach (FieldShape field in RequestShapes.Of(operation).Select(field => field.Shape))
        {
            if (Field(request, field.Name) is not { } text)
            {
                continue;
            }

            // Whole numbers are written as numbers, anything else as text, so that the coordinator says what is wrong.
            if (field.Type == FieldType.Integer && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            {
                json.WriteNumber(field.Name, number);
            }
            else
            {
                json.WriteString(field.Name, text);
            }
        }

        json.WriteEndObject();
    }
}
