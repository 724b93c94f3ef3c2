using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>Makes a resource of the fields that name it.</summary>
internal static class ResourceFields
{
    /// <summary>Reads <c>resource_type</c> and <c>resource_path</c>; a file inside the store's root gets its name relative to it.</summary>
    /// <param name="request">The request, or one intent of it.</param>
    /// <param name="namespace">The request's namespace.</param>
    public static Resource Read(in RequestFields request, string? @namespace)
    {
        Resource written = ReadWritten(request, @namespace);
        return request.Root?.Name(written) ?? written;
    }

    private static Resource ReadWritten(in RequestFields request, string? @namespace)
    {
        ResourceType type = Fields.ResourceType.Read(request);
        if (!request.TryGetPlain(Fields.ResourcePath, out ReadOnlySpan<byte> path))
        {
            return Create(type, request).In(@namespace);
        }

        InternTable<Resource> recent = request.Interning.ResourcesOf(type);
        return recent.Find(path) is { } made && made.IsInNamespace(@namespace)
            ? made
            : recent.Add(path, Create(type, request).In(@namespace));
    }

    /// <summary>Reads <c>resource</c>, which is <c>TYPE:path</c>, in the namespace of the request; null when there is none.</summary>
    public static Resource? ReadFilter(in RequestFields request)
    {
        if (Fields.Resource.ReadOptional(request) is not { } text)
        {
            return null;
        }

        Resource written = ToResource(text).In(Fields.Namespace.ReadForResource(request));
        return request.Root?.Name(written) ?? written;
    }

    private static Resource ToResource(string text) =>
        ResourceTypeNames.TrySplit(text, out ResourceType type, out string path)
            ? Create(type, path, Fields.Resource.Name)
            : throw Field.Invalid(
                $"{Fields.Resource.Name} has no type: it must be TYPE:path, with TYPE one of {ResourceTypeNames.Allowed}.");

    private static Resource Create(ResourceType type, in RequestFields request) =>
        Create(type, Fields.ResourcePath.Read(request), Fields.ResourcePath.Name);

    private static Resource Create(ResourceType type, string path, string field) =>
        Resource.TryCreate(type, path, out Resource? resource, out string? problem)
            ? resource!
            : throw Field.Invalid($"{field} {problem}.");
}
