using Klock.Kernel.Resources;

namespace Klock.Coordinator.Paths;

/// <summary>
/// Which absolute paths a store's relative names stand for (KLIS-6): raw calls name files in both ways, and both must meet.
/// </summary>
/// <remarks>
/// <para>Compared lexically, as everything in a raw call is; a folder that has several spellings is listed with each of them.</para>
/// <para>Thread-safe. A relative name costs a check of its first letter.</para>
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="folders">Absolute paths of folders, and what each is called; the empty name is the root itself. Of two that contain a
/// file the inner one counts. Called at the first absolute path, and again at later ones, at most ten times a second: work trees come
/// and go.</param>
public sealed class StoreRoot(TimeProvider time, Func<IEnumerable<(string Folder, string Name)>> folders)
{
    private static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(100);

    private Known? _known;

    /// <summary>The same resource; a file inside the root, or a symbol in one, gets its name relative to the root.</summary>
    public Resource Name(Resource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        int length = resource.FileLength;
        return length > 0 && IsRooted(resource.Path) ? Find(resource, length) : resource;
    }

    private Resource Find(Resource resource, int length)
    {
        foreach ((string prefix, string name) in Folders())
        {
            if (length >= prefix.Length && resource.Path.StartsWith(prefix, StringComparison.Ordinal)
                && (length == prefix.Length || prefix[^1] == '/' || resource.Path[prefix.Length] == '/'))
            {
                return Renamed(resource, resource.Path[prefix.Length..], name);
            }
        }

        return resource;
    }

    private (string Prefix, string Name)[] Folders()
    {
        Known? known = Volatile.Read(ref _known);
        if (known is null || time.GetElapsedTime(known.At) > _fresh)
        {
            known = new Known(time.GetTimestamp(), InOrder(folders()));
            Volatile.Write(ref _known, known);
        }

        return known.Folders;
    }

    // Inner folders first.
    private static (string Prefix, string Name)[] InOrder(IEnumerable<(string Folder, string Name)> folders) =>
    [
        .. folders.Select(one => (Prefix: Normal(one.Folder), one.Name)).Where(one => IsRooted(one.Prefix)).DistinctBy(one => one.Prefix)
            .OrderByDescending(one => one.Prefix.Length),
    ];

    private static Resource Renamed(Resource resource, string rest, string name)
    {
        rest = rest.TrimStart('/');
        string path = rest.Length == 0 || rest[0] == '#' ? (name.Length == 0 ? "." : name) + rest
            : name.Length == 0 ? rest
            : $"{name}/{rest}";
        return Resource.TryCreate(resource.Type, path, out Resource? renamed, out _)
            ? renamed!.In(resource.Namespace)
            : resource;
    }

    // Normalised as the kernel does, so that the two can be compared.
    private static string Normal(string folder) =>
        Resource.TryCreate(ResourceType.File, folder, out Resource? resource, out _) && !resource!.IsSubtree ? resource.Path : "";

    private static bool IsRooted(string path) =>
        path.Length > 0 && (path[0] == '/' || (path.Length > 2 && path[1] == ':' && path[2] == '/'));

    private sealed record Known(long At, (string Prefix, string Name)[] Folders);
}
