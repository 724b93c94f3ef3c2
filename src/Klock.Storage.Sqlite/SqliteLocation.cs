using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Journal;

namespace Klock.Storage.Sqlite;

/// <summary>Which file, and how it is used.</summary>
/// <param name="Path">The absolute path of the file.</param>
internal sealed record SqliteLocation(string Path)
{
    /// <summary>Whether what was answered survives power loss, and not only a crash of the process.</summary>
    public bool WaitsForDisk { get; init; } = true;

    /// <summary>Whether the file may be on a network file system, where SQLite's locks are unreliable.</summary>
    public bool AllowsNetwork { get; init; }

    /// <summary>How much of the past is kept.</summary>
    public History History { get; init; } = History.Default;

    /// <summary>Whether the log, while it is short, stays beside the file when the last connection is closed.</summary>
    public bool KeepsLog { get; init; }

    /// <summary>
    /// Reads <c>&lt;path&gt;[?option=value[&amp;option=value]…]</c>; a relative path counts from the current working directory.
    /// </summary>
    public static SqliteLocation Parse(string text)
    {
        // A path may have no question mark: a misspelt option would become part of the file's name, and its user would share nothing.
        int mark = text.IndexOf('?', StringComparison.Ordinal);
        string path = mark < 0 ? text : text[..mark];
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new KlockException(
                ErrorCode.InvalidRequest, "storage has no usable path after 'sqlite:': it must be sqlite:<path>.");
        }

        var location = new SqliteLocation(System.IO.Path.GetFullPath(path));
        return mark < 0 ? location : StorageOptions.Apply(text[(mark + 1)..], location);
    }
}
