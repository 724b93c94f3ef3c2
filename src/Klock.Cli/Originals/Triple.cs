using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Cli.Originals;

/// <summary>An intent as the original's manifests have it: subject, predicate and object.</summary>
/// <param name="Subject">The agent; null when it is left to the manifest.</param>
/// <param name="Session">Its session; null when it is left to the manifest.</param>
/// <param name="Predicate">What it is about to do.</param>
/// <param name="Type">The type of the object.</param>
/// <param name="Path">Its path.</param>
internal sealed record Triple(string? Subject, string? Session, Predicate Predicate, ResourceType Type, string Path)
{
    /// <summary>Reads an intent of a manifest; null when it has no object, and so is no triple.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="where">Which one it is, for the error: <c>intents[3]</c>.</param>
    /// <exception cref="CliFailure">It is a triple that is not complete, or has an unknown word.</exception>
    public static Triple? Read(JsonElement intent, string where)
    {
        if (intent.ValueKind != JsonValueKind.Object || !intent.TryGetProperty("object", out JsonElement thing))
        {
            return null;
        }

        if (thing.ValueKind != JsonValueKind.Object)
        {
            throw CliFailure.Usage($"{where}.object is not an object: it must be {{\"resource_type\",\"path\"}}.");
        }

        string predicate = Text(intent, "predicate", $"{where}.predicate", PredicateNames.Allowed);
        string type = Text(thing, "resource_type", $"{where}.object.resource_type", ResourceTypeNames.Allowed);
        return new Triple(
            OptionalText(intent, "subject", where),
            OptionalText(intent, "session_id", where),
            OriginalWords.TryPredicate(predicate, out Predicate known) ? known
                : throw Unknown($"{where}.predicate", PredicateNames.Allowed),
            OriginalWords.TryType(type, out ResourceType kind) ? kind
                : throw Unknown($"{where}.object.resource_type", ResourceTypeNames.Allowed),
            Text(thing, "path", $"{where}.object.path", "the resource's name"));
    }

    private static string Text(JsonElement owner, string name, string where, string allowed) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            ? text
            : throw CliFailure.Usage($"{where} is missing, or no text: it must be {allowed}.");

    private static string? OptionalText(JsonElement owner, string name, string where) =>
        !owner.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw CliFailure.Usage($"{where}.{name} is no text: it must be a text of 1 to 256 bytes.");

    private static CliFailure Unknown(string where, string allowed) =>
        CliFailure.Usage($"{where} is unknown: it must be {allowed}, or one of them in the original's spelling, as DependsOn is.");
}
