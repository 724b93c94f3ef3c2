using System.Text;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>What this thread made of the last requests, so that neither text nor resource is made again for each.</summary>
internal sealed class Recents
{
    [ThreadStatic]
    private static Recents? t_own;

    private readonly Recent<string> _names = new();
    private readonly Recent<Resource>?[] _resources = new Recent<Resource>?[ResourceTypeNames.Count];

    /// <summary>The calling thread's.</summary>
    public static Recents Own => t_own ??= new Recents();

    /// <summary>The text of some UTF-8 that is known to be valid.</summary>
    public string NameOf(ReadOnlySpan<byte> utf8) => _names.Find(utf8) ?? _names.Add(utf8, Encoding.UTF8.GetString(utf8));

    /// <summary>The resources of a type, by their paths as they were written.</summary>
    public Recent<Resource> ResourcesOf(ResourceType type) => _resources[(int)type] ??= new Recent<Resource>();
}
