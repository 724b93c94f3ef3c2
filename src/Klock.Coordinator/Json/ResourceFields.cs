using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>Puts a resource together from the fields that name it.</summary>
internal static class ResourceFields
{
    public static Resource ToResource(ResourceType? type, string? path) => Create(
        type ?? throw Fields.ResourceType.Missing(),
        path ?? throw Fields.ResourcePath.Missing(),
        Fields.ResourcePath.Name);

    /// <summary>Reads <c>TYPE:path</c>.</summary>
    public static Resource ToResource(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && ResourceTypeNames.TryParse(text.AsSpan(0, colon), out ResourceType type)
            ? Create(type, text[(colon + 1)..], Fields.Resource.Name)
            : throw Field.Invalid(
                $"{Fields.Resource.Name} has no type: it must be TYPE:path, with TYPE one of {ResourceTypeNames.Allowed}.");
    }

    private static Resource Create(ResourceType type, string path, string field) =>
        Resource.TryCreate(type, path, out Resource? resource, out string? problem)
            ? resource!
            : throw Field.Invalid($"{field} {problem}.");
}
