using Klock.Coordinator;

namespace Klock.Storage.Sqlite;

/// <summary>Which file, and how hard a commit is pressed to the disk.</summary>
/// <param name="Path">The absolute path of the file.</param>
/// <param name="Synchronous">FULL: a commit survives power loss. NORMAL: it survives a crash of the process only.</param>
internal sealed record SqliteLocation(string Path, string Synchronous)
{
    private const string Option = "?synchronous=";

    /// <summary>
    /// Reads <c>&lt;path&gt;[?synchronous=full|normal]</c>; a relative path counts from the working directory of this moment.
    /// </summary>
    public static SqliteLocation Parse(string text)
    {
        int option = text.LastIndexOf(Option, StringComparison.OrdinalIgnoreCase);
        string path = option < 0 ? text : text[..option];
        string synchronous = option < 0 ? "FULL" : text[(option + Option.Length)..].ToUpperInvariant();
        if (synchronous is not ("FULL" or "NORMAL"))
        {
            throw new KlockException(ErrorCode.InvalidRequest, "storage has an unknown value for synchronous: it must be full or normal.");
        }

        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new KlockException(ErrorCode.InvalidRequest, "storage has no usable path after 'sqlite:': it must be sqlite:<path>.");
        }

        return new SqliteLocation(System.IO.Path.GetFullPath(path), synchronous);
    }
}
