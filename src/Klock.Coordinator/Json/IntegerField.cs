using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>A field that holds a JSON integer, its limits and its unit.</summary>
internal sealed class IntegerField(string name, ulong min, ulong max, string unit) : Field(name)
{
    public override FieldShape Shape => new(Name, FieldType.Integer, min, max, [], Allowed);

    protected override string Allowed => $"an integer from {min} to {max}{unit}";

    /// <summary>Reads the value the reader stands on; null where JSON says null.</summary>
    public ulong? ReadOptional(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? null : Read(ref json);

    /// <summary>Reads the value the reader stands on.</summary>
    public ulong Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.Number)
        {
            throw WrongType(json.TokenType);
        }

        return json.TryGetUInt64(out ulong value) && value >= min && value <= max
            ? value
            : throw Invalid($"{Name} is {Excerpt.Of(json.ValueSpan)}: it must be {Allowed}.");
    }
}
