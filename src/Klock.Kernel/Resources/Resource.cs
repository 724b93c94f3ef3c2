namespace Klock.Kernel.Resources;

/// <summary>A resource in its normal form (KLIS-6): immutable, compared by value, safe to share between threads.</summary>
public sealed class Resource : IEquatable<Resource>
{
    /// <summary>How many parts a FILE path has at the most, and a symbol's file: the names between its slashes.</summary>
    public const int MostParts = 256;

    /// <summary>How long a path may be, in UTF-16 units.</summary>
    public const int LongestPath = ushort.MaxValue;

    private readonly ushort _nodeLength;

    // The length of a subtree's directory or of a symbol's file within its path; 0 for all others, flat symbols among them.
    private Resource(ResourceType type, string path, int nodeLength = 0, bool isSubtree = false, string? @namespace = null)
    {
        Type = type;
        Path = path;
        Namespace = @namespace;
        IsSubtree = isSubtree;
        _nodeLength = (ushort)nodeLength;
        uint start = PathHash.OfNamespace(@namespace);
        Hash = type == ResourceType.File ? PathHash.OfFile(Name, start)
            : PathHash.Add((uint)type + (nodeLength > 0 ? PathHash.OfFile(Around, start) : start), path.AsSpan(nodeLength));
    }

    /// <summary>What kind of thing it is.</summary>
    public ResourceType Type { get; }

    /// <summary>The normal form of its path, with <c>/**</c> when it is a subtree.</summary>
    public string Path { get; }

    /// <summary>The namespace it is in; null for none. Resources of different namespaces never meet.</summary>
    public string? Namespace { get; }

    /// <summary>Whether it stands for a directory and all beneath it.</summary>
    public bool IsSubtree { get; }

    /// <summary>The hash of namespace and <see cref="Name"/>, the same for a subtree and its directory.</summary>
    internal uint Hash { get; }

    /// <summary>The path of its node in the resource tree: <see cref="Path"/> less the subtree mark.</summary>
    internal ReadOnlySpan<char> Name =>
        !IsSubtree ? Path : _nodeLength == 0 ? FilePath.RelativeRoot : Path.AsSpan(0, _nodeLength);

    /// <summary>The length of the file's part at the start of its path; -1 when there is none.</summary>
    public int FileLength => Type == ResourceType.File ? Path.Length : IsSymbolInFile ? _nodeLength : -1;

    /// <summary>Whether it is a symbol inside a file, rather than a flat name.</summary>
    internal bool IsSymbolInFile => Type == ResourceType.Symbol && _nodeLength > 0;

    /// <summary>Whether it has a place in the tree of files: a file, a subtree, or a symbol in a file.</summary>
    internal bool IsInFileTree => Type == ResourceType.File || IsSymbolInFile;

    /// <summary>The path of what lies directly around it: a symbol's file, a file's directory; empty for roots and flat names.</summary>
    internal ReadOnlySpan<char> Around =>
        IsSymbolInFile ? Path.AsSpan(0, _nodeLength) : Type == ResourceType.File ? FilePath.DirectoryOf(Name) : default;

    /// <summary>The hash of what lies around it. Only for what is in the tree of files, and no root.</summary>
    internal uint HashAround => IsSymbolInFile
        ? PathHash.TakeOff(Hash, Path.AsSpan(_nodeLength)) - (uint)ResourceType.Symbol
        : PathHash.TakeOff(Hash, FilePath.LastPart(Name));

    /// <summary>Brings a resource to its normal form, or says what is wrong with its path.</summary>
    /// <param name="type">The type.</param>
    /// <param name="path">The path as it was written, at most <see cref="LongestPath"/> long.</param>
    /// <param name="resource">The resource, when this returns true.</param>
    /// <param name="problem">Why it was refused, as the rest of a sentence that starts with the field's name.</param>
    public static bool TryCreate(ResourceType type, string path, out Resource? resource, out string? problem) =>
        TryCreate(type, path, isStored: false, out resource, out problem);

    /// <summary>The resource of a path that a store holds: in normal form, but perhaps by the rules of an older version.</summary>
    /// <remarks>
    /// What is held already stays held: a symbol that would be refused today is the flat name that it was then, and a path may be
    /// of any depth.
    /// </remarks>
    public static bool TryRestore(ResourceType type, string path, out Resource? resource, out string? problem) =>
        TryCreate(type, path, isStored: true, out resource, out problem);

    /// <summary>The same name in a namespace.</summary>
    /// <param name="namespace">The namespace, whose length and characters are the caller's to check; null for none.</param>
    public Resource In(string? @namespace) =>
        ReferenceEquals(@namespace, Namespace) ? this : new Resource(Type, Path, _nodeLength, IsSubtree, @namespace);

    /// <summary>Whether the two are equal or one contains the other, so that predicates decide (KLIS-6).</summary>
    public bool Meets(Resource other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsInNamespace(other.Namespace) && (Equals(other) || Contains(other) || other.Contains(this));
    }

    /// <summary>Whether this is its namespace; null for none.</summary>
    public bool IsInNamespace(string? other) => string.Equals(Namespace, other, StringComparison.Ordinal);

    /// <inheritdoc />
    public bool Equals(Resource? other) =>
        other is not null && Type == other.Type && string.Equals(Path, other.Path, StringComparison.Ordinal)
        && IsInNamespace(other.Namespace);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Resource);

    /// <inheritdoc />
    public override int GetHashCode() => unchecked((int)Hash);

    /// <summary><c>TYPE:path</c>, as it stands on the wire, where its namespace is a field of its own.</summary>
    public override string ToString() => $"{Type.ToName()}:{Path}";

    /// <summary>Whether both have the same node: they differ at most in that one stands for all beneath it too.</summary>
    internal bool HasSameName(Resource other) =>
        Type == other.Type && Name.SequenceEqual(other.Name) && IsInNamespace(other.Namespace);

    // A subtree contains its own directory, every file and symbol beneath it; a file contains its symbols.
    private bool Contains(Resource other)
    {
        if (Type != ResourceType.File || !other.IsInFileTree)
        {
            return false;
        }

        return IsSubtree
            ? FilePath.IsAtOrBeneath(other.IsSymbolInFile ? other.Around : other.Name, Name)
            : other.IsSymbolInFile && other.Around.SequenceEqual(Name);
    }

    private static bool TryCreate(ResourceType type, string path, bool isStored, out Resource? resource, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(path);
        resource = null;
        problem = path.Length == 0 ? "is empty" : path.Length > LongestPath ? $"is longer than {LongestPath}" : null;
        if (problem is not null)
        {
            return false;
        }

        return type switch
        {
            ResourceType.File => TryCreateFile(path, isStored, out resource, out problem),
            ResourceType.Symbol => TryCreateSymbol(path, isStored, out resource, out problem),
            _ => TryCreateFlat(type, path, out resource, out problem),
        };
    }

    private static bool TryCreateFile(string raw, bool isStored, out Resource? resource, out string? problem)
    {
        resource = null;
        if (!TryNormalise(raw, isStored, out string path, out problem))
        {
            return false;
        }

        bool isSubtree = path.EndsWith(FilePath.SubtreeMark, StringComparison.Ordinal);
        resource = new Resource(ResourceType.File, path, isSubtree ? FilePath.ParentLength(path) : 0, isSubtree);
        return true;
    }

    private static bool TryCreateSymbol(string raw, bool isStored, out Resource? resource, out string? problem)
    {
        resource = null;
        int hash = SymbolMark.Find(raw);
        if (hash < 0)
        {
            bool hasMark = !isStored && raw.Contains('#', StringComparison.Ordinal);
            problem = hasMark ? PartedBy(raw[raw.AsSpan().LastIndexOfAny('/', '\\')]) : null;
            return problem is null && TryCreateFlat(ResourceType.Symbol, raw, out resource, out problem);
        }

        string file = raw[..hash];
        string name = raw[(hash + 1)..];
        problem = name.Length == 0 ? "has no symbol name after '#'"
            : FilePath.ControlCharacterIn(name) ? "contains a control character"
            : string.IsNullOrWhiteSpace(file) ? "has no file before '#'"
            : null;
        if (problem is not null || !TryNormalise(file, isStored, out file, out problem))
        {
            return false;
        }

        // With the layers around it removed ("./C:\d#1\a.cs#f"), this may be a drive letter now.
        bool isParted = !isStored && FilePath.HasDriveLetter(file) && name.Contains('\\', StringComparison.Ordinal);
        problem = file.EndsWith(FilePath.SubtreeMark, StringComparison.Ordinal) ? "names a subtree before '#'; a symbol lies in one file"
            : isParted ? PartedBy('\\')
            : null;
        if (problem is not null)
        {
            return false;
        }

        bool isNormal = file.Length + 1 + name.Length == raw.Length && raw.StartsWith(file, StringComparison.Ordinal);
        string path = isNormal ? raw : $"{file}#{name}";
        resource = new Resource(ResourceType.Symbol, path, file.Length);
        return true;
    }

    private static bool TryNormalise(string raw, bool isStored, out string normal, out string? problem)
    {
        if (!FilePath.TryNormalise(raw, out normal, out problem))
        {
            return false;
        }

        // A part takes at least a letter and a slash: shorter paths need not be counted.
        int parts = normal.Length < 2 * MostParts ? 0 : FilePath.CountParts(normal);
        problem = parts > MostParts && !isStored
            ? $"has {parts} parts, the names between its slashes: at most {MostParts} are allowed"
            : null;
        return problem is null;
    }

    // It would look like the protection of a symbol in a file, and protect nothing there.
    private static string PartedBy(char separator) =>
        $"has a '{separator}' after its '#', so that no file ends there; in a symbol's name it must be written %{(int)separator:X2}";

    private static bool TryCreateFlat(ResourceType type, string path, out Resource? resource, out string? problem)
    {
        problem = FilePath.ControlCharacterIn(path) ? "contains a control character" : null;
        resource = problem is null ? new Resource(type, path) : null;
        return problem is null;
    }
}
