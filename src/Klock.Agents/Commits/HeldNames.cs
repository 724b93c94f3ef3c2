using Klock.Agents.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Agents.Commits;

/// <summary>Leases that let somebody write, by the names that they stand on: finding one costs the depth of a path.</summary>
internal sealed class HeldNames
{
    private const string Subtree = "**";

    private readonly Dictionary<string, HeldResource> _byName = new(StringComparer.Ordinal);

    /// <summary>Sorts leases by their names.</summary>
    public HeldNames(IEnumerable<HeldResource> leases)
    {
        foreach (HeldResource lease in leases.Where(lease => IsWriting(lease.Predicate)))
        {
            int colon = lease.Resource.IndexOf(':', StringComparison.Ordinal);
            string name = lease.Resource[(colon + 1)..];

            // A symbol lies in its file, and its name begins at the first '#' after the last '/'.
            int mark = lease.Resource.StartsWith($"{ResourceType.Symbol.ToName()}:", StringComparison.Ordinal)
                ? name.IndexOf('#', name.LastIndexOf('/') + 1) : -1;
            _byName.TryAdd(mark < 0 ? name : name[..mark], lease);
        }
    }

    /// <summary>A lease on a file, or on a folder around it; null for none.</summary>
    /// <param name="name">The file's name in leases.</param>
    public HeldResource? Find(string name)
    {
        if (_byName.TryGetValue(name, out HeldResource? own))
        {
            return own;
        }

        for (int slash = name.Length; slash >= 0; slash = slash == 0 ? -1 : name.LastIndexOf('/', slash - 1))
        {
            string folder = name[..slash];
            if (_byName.TryGetValue($"{folder}/{Subtree}", out HeldResource? around))
            {
                return around;
            }
        }

        return _byName.GetValueOrDefault(Subtree);
    }

    private static bool IsWriting(string predicate) =>
        predicate != Predicate.Consumes.ToName() && predicate != Predicate.DependsOn.ToName();
}
