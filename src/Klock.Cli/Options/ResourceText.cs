using Klock.Coordinator;
using Klock.Coordinator.Paths;
using Klock.Kernel.Resources;

namespace Klock.Cli.Options;

/// <summary>Resources as they are typed: files by their path, anything as <c>TYPE:path</c>.</summary>
internal static class ResourceText
{
    /// <summary>The canonical path of a file.</summary>
    public static string File(string path, bool raw) => Canonical(ResourceType.File, path, raw);

    /// <summary>Reads <c>TYPE:path</c>; files in it are made canonical too.</summary>
    public static (string Type, string Path) Any(string text, bool raw)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && ResourceTypeNames.TryParse(text.AsSpan(0, colon), out ResourceType type)
            ? (type.ToName(), Canonical(type, text[(colon + 1)..], raw))
            : throw CliFailure.Usage($"'{text}' is no resource: it must be TYPE:path, with TYPE one of {ResourceTypeNames.Allowed}.");
    }

    /// <summary>The canonical path of a resource; unless it is to be taken as it is written.</summary>
    public static string Canonical(ResourceType type, string path, bool raw)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw CliFailure.Usage("a path is empty: it must name something.");
        }

        if (raw)
        {
            return path;
        }

        try
        {
            return CanonicalPath.OfResource(type, path, Environment.CurrentDirectory);
        }
        catch (KlockException problem)
        {
            throw CliFailure.Usage($"'{path}': {problem.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CliFailure.Usage($"'{path}' cannot be followed: {failure.Message}");
        }
    }
}
