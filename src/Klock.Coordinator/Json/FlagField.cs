using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>A field that is true or false.</summary>
internal sealed class FlagField(string name) : Field(name)
{
    public override FieldShape Shape => new(Name, FieldType.Flag, Min: 0, Max: 1, [], Allowed);

    protected override string Allowed => "true or false";

    /// <summary>Reads a request's value; null where it has none, or JSON null.</summary>
    public bool? ReadOptional(in RequestFields request)
    {
        FieldValue value = request[this];
        return value.Kind switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => value.IsNothing ? null : throw WrongType(value.Kind),
        };
    }
}
