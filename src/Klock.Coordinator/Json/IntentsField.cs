using System.Text.Json;
using Klock.Kernel;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>The field that holds a manifest's intents.</summary>
internal sealed class IntentsField() : Field("intents")
{
    public override FieldShape Shape => new(Name, FieldType.Intents, 1, Limits.Intents, [], Allowed);

    protected override string Allowed => $"an array of 1 to {Limits.Intents} intents, each {{predicate, resource_type, resource_path}}";

    /// <summary>Reads the array the reader stands on.</summary>
    public Intent[] Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw WrongType(json.TokenType);
        }

        var intents = new List<Intent>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (intents.Count == Limits.Intents)
            {
                throw Invalid($"{Name} has more than {Limits.Intents} intents: it must be {Allowed}.");
            }

            intents.Add(ReadIntent(ref json, intents.Count));
        }

        return intents.Count > 0 ? [.. intents] : throw Invalid($"{Name} is empty: it must be {Allowed}.");
    }

    private Intent ReadIntent(ref Utf8JsonReader json, int index)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid($"{Name}[{index}] is not an object: {Name} must be {Allowed}.");
        }

        try
        {
            return ReadIntent(ref json);
        }
        catch (KlockException problem)
        {
            throw new KlockException(problem.Code, $"{Name}[{index}].{problem.Message}", problem);
        }
    }

    private static Intent ReadIntent(ref Utf8JsonReader json)
    {
        Predicate? predicate = null;
        ResourceType? type = null;
        string? path = null;
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.Predicate, ref json))
            {
                predicate = Fields.Predicate.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.ResourceType, ref json))
            {
                type = Fields.ResourceType.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.ResourcePath, ref json))
            {
                path = Fields.ResourcePath.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Confidence, ref json))
            {
                Fields.Confidence.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Timestamp, ref json))
            {
                Fields.Timestamp.Read(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        return new Intent(predicate ?? throw Fields.Predicate.Missing(), ResourceFields.ToResource(type, path));
    }
}
