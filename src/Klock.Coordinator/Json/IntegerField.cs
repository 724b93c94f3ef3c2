using System.Buffers.Text;
using System.Text.Json;

namespace Klock.Coordinator.Json;

/// <summary>A field that holds a JSON integer, its limits and its unit.</summary>
internal sealed class IntegerField(string name, ulong min, ulong max, string unit) : Field(name)
{
    public override FieldShape Shape => new(Name, FieldType.Integer, min, max, [], Allowed);

    protected override string Allowed => $"an integer from {min} to {max}{unit}";

    /// <summary>Reads a request's value.</summary>
    public ulong Read(in RequestFields request)
    {
        FieldValue value = Need(request);
        if (value.Kind != JsonTokenType.Number)
        {
            throw WrongType(value.Kind);
        }

        bool isInteger = Utf8Parser.TryParse(value.Token, out ulong number, out int used) && used == value.Token.Length;
        return isInteger && number >= min && number <= max
            ? number
            : throw Invalid($"{Name} is {Excerpt.Of(value.Token)}: it must be {Allowed}.");
    }

    /// <summary>Reads a request's value; null where it has none, or JSON null.</summary>
    public ulong? ReadOptional(in RequestFields request) => request.Has(this) ? Read(request) : null;
}
