namespace Klock.Kernel.Tests.Model;

/// <summary>SPEC KLIS-6: what a resource is and which others it meets.</summary>
/// <param name="Text"><c>TYPE:path</c> in normal form, with its namespace if it has one.</param>
/// <param name="Namespace">The namespace; "" for none.</param>
/// <param name="File">The file, directory or a symbol's file; null for flat names.</param>
/// <param name="Symbol">The symbol's name within its file; null for everything else.</param>
internal sealed record ModelResource(string Text, string Namespace, ModelPath? File, string? Symbol)
{
    private const string In = " in ";

    /// <summary>Parts a type as tests name it, <c>FILE</c> or <c>FILE in shop</c>.</summary>
    public static (string Type, string? Namespace) Split(string named)
    {
        string[] parts = named.Split(In);
        return (parts[0], parts.Length > 1 ? parts[1] : null);
    }

    /// <summary>The resource; null when its path is refused.</summary>
    public static ModelResource? Parse(string named, string path)
    {
        (string type, string? name) = Split(named);
        return ParsePath(type, path) is { } resource && name is not null
            ? resource with { Text = $"{named}{resource.Text[type.Length..]}", Namespace = name }
            : ParsePath(type, path);
    }

    private static ModelResource? ParsePath(string type, string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        if (type == "FILE")
        {
            string? normal = ModelPath.Normalise(path);
            return normal is null ? null : new ModelResource($"FILE:{normal}", "", ModelPath.Parse(normal), null);
        }

        if (type == "SYMBOL" && path.Contains('#'))
        {
            string separators = ModelPath.HasDriveLetter(path.TrimStart()) ? "/\\" : "/";
            int hash = path.IndexOf('#', path.LastIndexOfAny(separators.ToCharArray()) + 1);
            return hash < 0 ? null : ParseSymbol(path[..hash], path[(hash + 1)..]);
        }

        return path.Any(char.IsControl) ? null : new ModelResource($"{type}:{path}", "", null, null);
    }

    public bool Meets(ModelResource other) =>
        Namespace == other.Namespace && (Text == other.Text || Contains(other) || other.Contains(this));

    private static ModelResource? ParseSymbol(string rawFile, string name)
    {
        string? normal = ModelPath.Normalise(rawFile);
        if (normal is null || name.Length == 0 || name.Any(char.IsControl))
        {
            return null;
        }

        var file = ModelPath.Parse(normal);
        bool parted = file.Root.Length == 3 && name.Contains('\\');
        return file.IsSubtree || parted ? null : new ModelResource($"SYMBOL:{normal}#{name}", "", file, name);
    }

    private bool Contains(ModelResource other)
    {
        if (File is null || Symbol is not null || other.File is null)
        {
            return false;
        }

        return File.IsSubtree ? File.IsAtOrAbove(other.File) : other.Symbol is not null && SameFile(other.File);
    }

    private bool SameFile(ModelPath other) => File!.Root == other.Root && File.Segments.SequenceEqual(other.Segments);
}
