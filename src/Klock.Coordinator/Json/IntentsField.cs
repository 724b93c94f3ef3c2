using System.Text.Json;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;
using Klock.Kernel;

namespace Klock.Coordinator.Json;

/// <summary>The field that holds a manifest's intents.</summary>
internal sealed class IntentsField() : Field("intents")
{
    public override FieldShape Shape => new(Name, FieldType.Intents, 1, Limits.Intents, [], Allowed);

    protected override string Allowed => $"an array of 1 to {Limits.Intents} intents, each {{predicate, resource_type, resource_path}}";

    /// <summary>Reads a request's array; all of it is in the request's namespace.</summary>
    public Intent[] Read(in RequestFields request)
    {
        string? name = Fields.Namespace.ReadForResource(request);
        FieldValue value = Need(request);
        if (value.Kind != JsonTokenType.StartArray)
        {
            throw WrongType(value.Kind);
        }

        var intents = new List<Intent>();
        Utf8JsonReader json = value.Read();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (intents.Count == Limits.Intents)
            {
                throw Invalid($"{Name} has more than {Limits.Intents} intents: it must be {Allowed}.");
            }

            intents.Add(ReadIntent(value.Token, ref json, intents.Count, request.Root, name));
        }

        return intents.Count > 0 ? [.. intents] : throw Invalid($"{Name} is empty: it must be {Allowed}.");
    }

    private Intent ReadIntent(ReadOnlySpan<byte> array, ref Utf8JsonReader json, int index, StoreRoot? root, string? @namespace)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid($"{Name}[{index}] is not an object: {Name} must be {Allowed}.");
        }

        try
        {
            return ToIntent(new RequestFields(array, ref json) { Root = root }, @namespace);
        }
        catch (KlockException problem)
        {
            throw new KlockException(problem.Code, $"{Name}[{index}].{problem.Message}", problem);
        }
    }

    private static Intent ToIntent(in RequestFields intent, string? @namespace)
    {
        // If it were ignored, the lease would be in a namespace where nobody looks for it.
        if (intent.Has(Fields.Namespace))
        {
            throw Invalid($"{Fields.Namespace.Name} is of one intent: it must be of the request, and counts for all of them.");
        }

        Fields.Confidence.ReadOptional(intent);
        Fields.Timestamp.ReadOptional(intent);
        return new Intent(Fields.Predicate.Read(intent), ResourceFields.Read(intent, @namespace));
    }
}
