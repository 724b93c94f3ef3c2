namespace Klock.Kernel.Tests.Model;

/// <summary>SPEC KLIS-6: what a resource is and which others it meets.</summary>
/// <param name="Text"><c>TYPE:path</c> in normal form.</param>
/// <param name="File">The file, directory or a symbol's file; null for flat names.</param>
/// <param name="Symbol">The symbol's name within its file; null for everything else.</param>
internal sealed record ModelResource(string Text, ModelPath? File, string? Symbol)
{
    /// <summary>The resource; null when its path is refused.</summary>
    public static ModelResource? Parse(string type, string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        if (type == "FILE")
        {
            string? normal = ModelPath.Normalise(path);
            return normal is null ? null : new ModelResource($"FILE:{normal}", ModelPath.Parse(normal), null);
        }

        if (type == "SYMBOL" && path.Contains('#'))
        {
            string separators = ModelPath.HasDriveLetter(path.TrimStart()) ? "/\\" : "/";
            int hash = path.IndexOf('#', path.LastIndexOfAny(separators.ToCharArray()) + 1);
            return hash < 0 ? null : ParseSymbol(path[..hash], path[(hash + 1)..]);
        }

        return path.Any(char.IsControl) ? null : new ModelResource($"{type}:{path}", null, null);
    }

    public bool Meets(ModelResource other) => Text == other.Text || Contains(other) || other.Contains(this);

    private static ModelResource? ParseSymbol(string rawFile, string name)
    {
        string? normal = ModelPath.Normalise(rawFile);
        if (normal is null || name.Length == 0 || name.Any(char.IsControl))
        {
            return null;
        }

        var file = ModelPath.Parse(normal);
        bool parted = file.Root.Length == 3 && name.Contains('\\');
        return file.IsSubtree || parted ? null : new ModelResource($"SYMBOL:{normal}#{name}", file, name);
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
