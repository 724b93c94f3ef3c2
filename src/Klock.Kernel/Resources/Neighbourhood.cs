namespace Klock.Kernel.Resources;

/// <summary>The paths of all that can meet some resources (KLIS-6): what a decision must load of a state that is not in memory.</summary>
/// <remarks>It compares paths alone, so it also has some that do not meet: those of other types and namespaces.</remarks>
public sealed class Neighbourhood
{
    // A path has one text for each folder around it, so their length grows with the square of its depth.
    private const int MostCharacters = 64 * 1024;

    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _prefixes = new(StringComparer.Ordinal);

    /// <summary>Makes the neighbourhood of some resources.</summary>
    public Neighbourhood(IEnumerable<Resource> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        foreach (Resource resource in resources)
        {
            Add(resource);
        }
    }

    /// <summary>Whether the neighbourhood of these resources is small enough to be held in memory: only then may one be made.</summary>
    public static bool IsSmall(IEnumerable<Resource> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        long characters = 0;
        foreach (Resource resource in resources)
        {
            characters += resource.Path.Length * (resource.Path.AsSpan().Count('/') + 2L);
        }

        return characters <= MostCharacters;
    }

    /// <summary>Paths that are in it themselves.</summary>
    public IReadOnlyCollection<string> Paths => _paths;

    /// <summary>All paths that start with one of these are in it. Each ends with <c>/</c> or <c>#</c>, but for the empty one, with which
    /// all paths start.</summary>
    public IReadOnlyCollection<string> Prefixes => _prefixes;

    /// <summary>Whether a path in normal form is in it.</summary>
    public bool Has(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _paths.Contains(path) || (_prefixes.Count > 0 && StartsInside(path));
    }

    private bool StartsInside(ReadOnlySpan<char> path)
    {
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> prefixes = _prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        int length = 0;
        bool isInside = prefixes.Contains("");
        while (!isInside && path[length..].IndexOfAny('/', '#') is >= 0 and int next)
        {
            length += next + 1;
            isInside = prefixes.Contains(path[..length]);
        }

        return isInside;
    }

    private void Add(Resource resource)
    {
        _paths.Add(resource.Path);
        if (!resource.IsInFileTree)
        {
            return;
        }

        ReadOnlySpan<char> file = resource.IsSymbolInFile ? resource.Around : resource.Name;
        _paths.Add(file.ToString());
        if (!resource.IsSymbolInFile)
        {
            _prefixes.Add($"{file}#");
        }

        if (resource.IsSubtree)
        {
            _prefixes.Add(StartBeneath(file));
        }

        // A subtree may be of a name that others use as a file, so the file's own path counts too.
        for (ReadOnlySpan<char> around = file; !around.IsEmpty; around = FilePath.DirectoryOf(around))
        {
            _paths.Add(StartBeneath(around) + FilePath.SubtreeMark);
        }
    }

    private static string StartBeneath(ReadOnlySpan<char> directory) =>
        directory.SequenceEqual(FilePath.RelativeRoot) ? ""
        : FilePath.RootLength(directory) == directory.Length ? directory.ToString()
        : $"{directory}/";
}
