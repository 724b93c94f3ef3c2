using System.Text.Json;

namespace Klock.Agents.Clients;

/// <summary>Reads fields of a client's JSON. What is missing or of another type is null: clients change from month to month.</summary>
internal static class Input
{
    /// <summary>A text; null when there is none.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The first of several fields that is a text that is not empty; null when none is.</summary>
    public static string? FirstText(this JsonElement json, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (json.Text(name) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>A number; null when there is none.</summary>
    public static long? Number(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    /// <summary>Any field; of kind <see cref="JsonValueKind.Undefined"/> when it is not there.</summary>
    public static JsonElement Field(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : default;

    /// <summary>The elements of an array; none when it is no array.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>Whether there is such a field, whatever its value.</summary>
    public static bool Has(this JsonElement json, string name) => json.Field(name).ValueKind != JsonValueKind.Undefined;
}
