using Klock.Client.Files;

namespace Klock.Client.Git;

/// <summary>The work trees of a repository, as its common directory lists them (gitrepository-layout(5)).</summary>
internal static class WorkTrees
{
    /// <summary>The real path of the top of the first one, which is not linked; null where that is not known.</summary>
    public static string? First(string common) => Path.GetFileName(common) == GitFolder.Name ? Path.GetDirectoryName(common) : null;

    /// <summary>The real paths of the tops of those that exist.</summary>
    /// <exception cref="IOException">They cannot be listed.</exception>
    public static IEnumerable<string> Of(string common)
    {
        var pointers = new List<string>();
        if (First(common) is not null)
        {
            pointers.Add(common);
        }

        string linked = Path.Combine(common, "worktrees");
        if (Directory.Exists(linked))
        {
            pointers.AddRange(
                from entry in Directory.EnumerateDirectories(linked)
                let pointer = SmallFile.Read(Path.Combine(entry, "gitdir"))
                where pointer is not null
                select Path.Combine(entry, pointer.Trim()));
        }

        return pointers.Where(pointer => FileFacts.Of(pointer) is not null)
            .Select(pointer => RealPath.Resolve(Path.GetDirectoryName(pointer)!));
    }
}
