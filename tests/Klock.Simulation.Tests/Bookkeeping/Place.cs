using Klock.Kernel.Resources;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>One resource, with SPEC KLIS-6 computed again from the text of its normal form.</summary>
internal sealed class Place
{
    private readonly string? _file;
    private readonly string? _symbol;
    private readonly bool _isSubtree;

    private readonly string? _namespace;

    public Place(int index, ResourceType type, string path, string? @namespace)
    {
        Index = index;
        Path = path;
        _namespace = @namespace;
        Resource = Resource.TryCreate(type, path, out Resource? resource, out string? problem)
            ? resource!.In(@namespace)
            : throw new ArgumentException(problem, nameof(path));
        Text = TextOf(type, path, @namespace);
        string[] parts = type == ResourceType.Symbol ? path.Split('#') : [path];
        _symbol = parts.Length == 2 ? parts[1] : null;
        _isSubtree = type == ResourceType.File && (path == "**" || path.EndsWith("/**", StringComparison.Ordinal));
        _file = type != ResourceType.File && _symbol is null ? null : _isSubtree ? DirectoryOf(path) : parts[0];
        Names = NamesOf();
    }

    /// <summary>Its place in the universe it belongs to.</summary>
    public int Index { get; }

    public string Path { get; }

    public string Text { get; }

    /// <summary>The kernel's form of it.</summary>
    public Resource Resource { get; }

    /// <summary>The names that a tree of all claimed resources has because of this one: its own and those above it.</summary>
    public IReadOnlyList<(string? Namespace, ResourceType Type, string Name)> Names { get; }

    public bool Meets(Place other) =>
        _namespace == other._namespace && (Text == other.Text || Contains(other) || other.Contains(this));

    /// <summary>A resource of the kernel's as <see cref="Text"/> has it.</summary>
    public static string TextOf(Resource resource) => TextOf(resource.Type, resource.Path, resource.Namespace);

    public override string ToString() => Text;

    // A subtree holds its directory and all beneath it, symbols of files included; a file holds its symbols.
    private bool Contains(Place other)
    {
        if (_file is null || _symbol is not null || other._file is null)
        {
            return false;
        }

        return _isSubtree ? _file == other._file || Above(other._file).Contains(_file) : other._symbol is not null && _file == other._file;
    }

    private static string TextOf(ResourceType type, string path, string? @namespace) => $"{@namespace} {type.ToName()}:{path}";

    private List<(string?, ResourceType, string)> NamesOf()
    {
        if (_file is null)
        {
            return [(_namespace, Resource.Type, Path)];
        }

        List<(string?, ResourceType, string)> names =
            [.. Above(_file).Append(_file).Select(path => (_namespace, ResourceType.File, path))];
        if (_symbol is not null)
        {
            names.Add((_namespace, ResourceType.Symbol, Path));
        }

        return names;
    }

    private static string DirectoryOf(string subtree) => subtree switch
    {
        "**" => ".",
        "/**" => "/",
        _ => subtree[..^3],
    };

    // "a/b/c" lies beneath "a/b", "a" and the relative root "."; "/a/b" beneath "/a" and "/".
    private static IEnumerable<string> Above(string path)
    {
        string root = path.StartsWith('/') ? "/" : ".";
        if (path == root)
        {
            yield break;
        }

        yield return root;
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }
}
