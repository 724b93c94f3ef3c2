namespace Klock.Agents.Shell.Findings;

/// <summary>The disk, as it is now. Safe for any number of threads.</summary>
internal sealed class DiskView : IFileView
{
    /// <summary>The most names that one pattern may look at; one that would need more is unknown.</summary>
    public const int MaxLooks = 20_000;

    /// <inheritdoc/>
    public bool? IsFolder(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public bool? Exists(string path) => Path.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string>? Expand(string pattern)
    {
        if (!pattern.StartsWith('/'))
        {
            return null;
        }

        try
        {
            List<string> found = ["/"];
            int looks = 0;
            foreach (string part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!Wildcard.IsPattern(part))
                {
                    string name = Wildcard.Plain(part);
                    found = [.. found.Select(folder => Path.Join(folder, name)).Where(Path.Exists)];
                    continue;
                }

                List<string> next = [];
                foreach (string folder in found.Where(Directory.Exists))
                {
                    foreach (string path in Directory.EnumerateFileSystemEntries(folder))
                    {
                        if (++looks > MaxLooks)
                        {
                            return null;
                        }

                        if (Wildcard.Fits(part, Path.GetFileName(path.AsSpan())))
                        {
                            next.Add(path);
                        }
                    }
                }

                found = next;
            }

            return [.. found.Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
