namespace Klock.Kernel.Resources;

/// <summary>A resource in its normal form (KLIS-6): immutable, compared by value, safe to share between threads.</summary>
public sealed class Resource : IEquatable<Resource>
{
    private Resource(ResourceType type, string path, string name, int fileLength, bool isSubtree)
    {
        Type = type;
        Path = path;
        Name = name;
        FileLength = fileLength;
        IsSubtree = isSubtree;
    }

    /// <summary>What kind of thing it is.</summary>
    public ResourceType Type { get; }

    /// <summary>The normal form of its path, with <c>/**</c> when it is a subtree.</summary>
    public string Path { get; }

    /// <summary>Whether it stands for a directory and all beneath it.</summary>
    public bool IsSubtree { get; }

    /// <summary>The path of its node in the resource tree: <see cref="Path"/> less the subtree mark.</summary>
    internal string Name { get; }

    /// <summary>For a symbol in a file, how much of <see cref="Name"/> is the file; -1 for everything else.</summary>
    internal int FileLength { get; }

    /// <summary>Whether it has a place in the tree of files: a file, a subtree, or a symbol in a file.</summary>
    internal bool IsInFileTree => Type == ResourceType.File || FileLength >= 0;

    /// <summary>Brings a resource to its normal form, or says what is wrong with its path.</summary>
    /// <param name="type">The type.</param>
    /// <param name="path">The path as it was written. Its length is the caller's to limit.</param>
    /// <param name="resource">The resource, when this returns true.</param>
    /// <param name="problem">Why it was refused, as the rest of a sentence that starts with the field's name.</param>
    public static bool TryCreate(ResourceType type, string path, out Resource? resource, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(path);
        resource = null;
        problem = path.Length == 0 ? "is empty" : null;
        if (problem is not null)
        {
            return false;
        }

        return type switch
        {
            ResourceType.File => TryCreateFile(path, out resource, out problem),
            ResourceType.Symbol => TryCreateSymbol(path, out resource, out problem),
            _ => TryCreateFlat(type, path, out resource, out problem),
        };
    }

    /// <summary>The resource of a path that a store holds: in normal form, but perhaps by the rules of an older version.</summary>
    /// <remarks>What is held already goes on being held: a symbol that would be refused today is the flat name that it was then.</remarks>
    public static bool TryRestore(ResourceType type, string path, out Resource? resource, out string? problem) =>
        TryCreate(type, path, out resource, out problem)
        || (type == ResourceType.Symbol && path.Contains('#', StringComparison.Ordinal)
            && TryCreateFlat(type, path, out resource, out problem));

    /// <summary>Whether the two are equal or one contains the other, so that predicates decide (KLIS-6).</summary>
    public bool Meets(Resource other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Equals(other) || Contains(other) || other.Contains(this);
    }

    /// <inheritdoc />
    public bool Equals(Resource? other) =>
        other is not null && Type == other.Type && string.Equals(Path, other.Path, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Resource);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Type, Path);

    /// <summary><c>TYPE:path</c>, as it stands on the wire.</summary>
    public override string ToString() => $"{Type.ToName()}:{Path}";

    // A subtree contains its own directory, every file and symbol beneath it; a file contains its symbols.
    private bool Contains(Resource other)
    {
        if (Type != ResourceType.File || !other.IsInFileTree)
        {
            return false;
        }

        string file = other.FileLength >= 0 ? other.Name[..other.FileLength] : other.Name;
        return IsSubtree
            ? FilePath.IsAtOrBeneath(file, Name)
            : other.Type == ResourceType.Symbol && string.Equals(file, Name, StringComparison.Ordinal);
    }

    private static bool TryCreateFile(string raw, out Resource? resource, out string? problem)
    {
        resource = null;
        if (!FilePath.TryNormalise(raw, out string path, out problem))
        {
            return false;
        }

        bool isSubtree = path.EndsWith(FilePath.SubtreeMark, StringComparison.Ordinal);
        resource = new Resource(ResourceType.File, path, isSubtree ? DirectoryOf(path) : path, fileLength: -1, isSubtree);
        return true;
    }

    private static string DirectoryOf(string subtree)
    {
        int length = FilePath.ParentLength(subtree);
        return length == 0 ? FilePath.RelativeRoot : subtree[..length];
    }

    private static bool TryCreateSymbol(string raw, out Resource? resource, out string? problem)
    {
        resource = null;
        int hash = SplitOf(raw);
        if (hash < 0)
        {
            problem = raw.Contains('#', StringComparison.Ordinal) ? PartedBy(raw[raw.AsSpan().LastIndexOfAny('/', '\\')]) : null;
            return problem is null && TryCreateFlat(ResourceType.Symbol, raw, out resource, out problem);
        }

        string file = raw[..hash];
        string name = raw[(hash + 1)..];
        problem = name.Length == 0 ? "has no symbol name after '#'"
            : FilePath.ControlCharacterIn(name) ? "contains a control character"
            : string.IsNullOrWhiteSpace(file) ? "has no file before '#'"
            : null;
        if (problem is not null || !FilePath.TryNormalise(file, out file, out problem))
        {
            return false;
        }

        // What layers hid at first ("./C:\d#1\a.cs#f") is a drive letter now.
        problem = file.EndsWith(FilePath.SubtreeMark, StringComparison.Ordinal) ? "names a subtree before '#'; a symbol lies in one file"
            : FilePath.HasDriveLetter(file) && name.Contains('\\', StringComparison.Ordinal) ? PartedBy('\\')
            : null;
        if (problem is not null)
        {
            return false;
        }

        bool isNormal = file.Length + 1 + name.Length == raw.Length && raw.StartsWith(file, StringComparison.Ordinal);
        string path = isNormal ? raw : $"{file}#{name}";
        resource = new Resource(ResourceType.Symbol, path, path, file.Length, isSubtree: false);
        return true;
    }

    // It would look like the protection of a symbol in a file, and protect nothing there.
    private static string PartedBy(char separator) =>
        $"has a '{separator}' after its '#', so that no file ends there; in a symbol's name it must be written %{(int)separator:X2}";

    // At the first '#' after the last '/', which after a drive letter '\' is too. -1 when there is none.
    private static int SplitOf(string raw)
    {
        int separator = FilePath.HasDriveLetter(raw.AsSpan().TrimStart()) ? raw.AsSpan().LastIndexOfAny('/', '\\') : raw.LastIndexOf('/');
        return raw.IndexOf('#', separator + 1);
    }

    private static bool TryCreateFlat(ResourceType type, string path, out Resource? resource, out string? problem)
    {
        problem = FilePath.ControlCharacterIn(path) ? "contains a control character" : null;
        resource = problem is null ? new Resource(type, path, path, fileLength: -1, isSubtree: false) : null;
        return problem is null;
    }
}
