using System.Globalization;
using System.Text.Json;

namespace Klock.Cli.Originals;

/// <summary>
/// A row of an original's database, by the names of its columns. What a column holds as a JSON object counts as columns too, so it does not
/// matter whether a lease was written column by column or as one text.
/// </summary>
internal sealed class OriginalRow
{
    // The year 5138 in s is the year 1973 in ms: what is lower cannot be ms of our time.
    private const long LowestMs = 100_000_000_000;
    private const long HighestMs = LowestMs * 1000;

    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    public OriginalRow(IReadOnlyDictionary<string, object> columns)
    {
        foreach ((string name, object value) in columns)
        {
            _values.TryAdd(name, value);
        }

        foreach (string text in columns.Values.OfType<string>().Where(text => text.StartsWith('{')))
        {
            AddObject(text);
        }
    }

    /// <summary>Whether it has one of these columns, with a value.</summary>
    public bool Has(params ReadOnlySpan<string> names) => Find(names) is not null;

    /// <summary>A text; null when none of these columns has one.</summary>
    public string? Text(params ReadOnlySpan<string> names) => Find(names) as string;

    /// <summary>An id, which is a text or an integer; null when none of these columns has one.</summary>
    public string? Key(params ReadOnlySpan<string> names) => Find(names) switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>An integer; null when none of these columns has one.</summary>
    public long? Integer(params ReadOnlySpan<string> names) => Find(names) switch
    {
        long number => number,
        double number when Math.Abs(number) < long.MaxValue => (long)number,
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ => null,
    };

    /// <summary>A time in ms since 1970, whether it was written in s, ms or as a date; null when none of these columns has one.</summary>
    public long? Time(params ReadOnlySpan<string> names) =>
        Integer(names) is { } number
            ? number < LowestMs ? number * 1000 : number < HighestMs ? number : number / (number < HighestMs * 1000 ? 1000 : 1_000_000)
        : DateTimeOffset.TryParse(Text(names), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? date.ToUnixTimeMilliseconds()
        : null;

    private object? Find(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_values.TryGetValue(name, out object? value))
            {
                return value;
            }
        }

        return null;
    }

    private void AddObject(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            AddFields(json.RootElement);
        }
        catch (JsonException)
        {
            // A text that only looks like JSON.
        }
    }

    // The fields of an object in it count as well: a resource may be one of its own.
    private void AddFields(JsonElement fields)
    {
        foreach (JsonProperty field in fields.EnumerateObject())
        {
            switch (field.Value.ValueKind)
            {
                case JsonValueKind.String:
                    _values.TryAdd(field.Name, field.Value.GetString()!);
                    break;
                case JsonValueKind.Number:
                    _values.TryAdd(field.Name, field.Value.TryGetInt64(out long number) ? number : field.Value.GetDouble());
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    _values.TryAdd(field.Name, field.Value.GetBoolean() ? 1L : 0L);
                    break;
                case JsonValueKind.Object:
                    AddFields(field.Value);
                    break;
            }
        }
    }
}
