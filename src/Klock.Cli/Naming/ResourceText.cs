using Klock.Cli.Failures;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Resources;

namespace Klock.Cli.Naming;

/// <summary>A resource, and where it is.</summary>
/// <param name="Type">FILE, SYMBOL and so on.</param>
/// <param name="Path">Its path; canonical unless it was to be taken literally.</param>
/// <param name="Location">Where it is; null for a resource without a place of its own.</param>
internal readonly record struct Named(string Type, string Path, Location? Location)
{
    /// <summary><c>TYPE:path</c>.</summary>
    public override string ToString() => $"{Type}:{Path}";
}

/// <summary>Resources as they are typed: files by their path, anything as <c>TYPE:path</c>.</summary>
internal static class ResourceText
{
    /// <summary>A file.</summary>
    public static Named File(string path, bool raw) => Find(ResourceType.File, path, raw);

    /// <summary>Reads <c>TYPE:path</c>; files in it are made canonical too.</summary>
    public static Named Any(string text, bool raw) =>
        ResourceTypeNames.TrySplit(text, out ResourceType type, out string path)
            ? Find(type, path, raw)
            : throw CliFailure.Usage($"'{text}' is no resource: it must be TYPE:path, with TYPE one of {ResourceTypeNames.Allowed}.");

    /// <summary>A resource that a person names: <c>TYPE:path</c> as the tables show it, a folder and all beneath it, or a file.</summary>
    public static Named Shown(string text, bool raw) =>
        !TryParse(text, out Resource? shown) ? File(Subtree(text, raw), raw)
        : new Named(shown!.Type.ToName(), shown.Path, Location: null);

    /// <summary>A folder as its subtree; anything else unchanged.</summary>
    public static string Subtree(string path, bool raw) =>
        !raw && !path.EndsWith("**", StringComparison.Ordinal) && (Directory.Exists(path) || Path.EndsInDirectorySeparator(path.TrimEnd()))
            ? path.TrimEnd().TrimEnd('/') + "/**" : path;

    /// <summary>Reads a resource as it is written in answers.</summary>
    public static bool TryParse(string text, out Resource? resource)
    {
        resource = null;
        return ResourceTypeNames.TrySplit(text, out ResourceType type, out string path)
            && Resource.TryCreate(type, path, out resource, out _);
    }

    /// <summary>A resource by its canonical path, or by the literal one.</summary>
    public static Named Find(ResourceType type, string path, bool raw)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw CliFailure.Usage("a path is empty: it must name something.");
        }

        if (raw)
        {
            return new Named(type.ToName(), path, Location: null);
        }

        try
        {
            (string name, Location? location) = Locator.LocateResource(type, path, cwd: null, Surroundings.Variable);
            return new Named(type.ToName(), name, location);
        }
        catch (KlockException problem)
        {
            throw CliFailure.Of(problem.Code, $"'{path}': {problem.Message}", problem);
        }
    }
}
