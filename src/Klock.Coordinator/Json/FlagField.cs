using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>A field that is true or false.</summary>
internal sealed class FlagField(string name) : Field(name)
{
    public override FieldShape Shape => new(Name, FieldType.Flag, Min: 0, Max: 1, [], Allowed);

    protected override string Allowed => "true or false";

    /// <summary>Reads the value the reader stands on; null where JSON says null.</summary>
    public bool? ReadOptional(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw WrongType(json.TokenType),
    };
}
