using System.Text;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>This thread's interned names and resources of recent requests, so that none is made again for each request.</summary>
internal sealed class Interning
{
    [ThreadStatic]
    private static Interning? t_own;

    private readonly InternTable<string> _names = new();
    private readonly InternTable<Resource>?[] _resources = new InternTable<Resource>?[ResourceTypeNames.Count];

    /// <summary>The tables of the calling thread.</summary>
    public static Interning Own => t_own ??= new Interning();

    /// <summary>The string of some UTF-8 that is known to be valid.</summary>
    public string NameOf(ReadOnlySpan<byte> utf8) => _names.Find(utf8) ?? _names.Add(utf8, Encoding.UTF8.GetString(utf8));

    /// <summary>The resources of a type, by their paths as they were written.</summary>
    public InternTable<Resource> ResourcesOf(ResourceType type) => _resources[(int)type] ??= new InternTable<Resource>();
}
