using Klock.Coordinator;

namespace Klock.Storage.Sqlite;

/// <summary>Which file, and how hard a commit is pressed to the disk.</summary>
/// <param name="Path">The absolute path of the file.</param>
/// <param name="Synchronous">FULL: a commit survives power loss. NORMAL: it survives a crash of the process only.</param>
internal sealed record SqliteLocation(string Path, string Synchronous)
{
    public const string Full = "FULL";
    public const string Normal = "NORMAL";

    private const string Option = "synchronous=";

    /// <summary>Whether the log stays beside the file when the last connection is closed.</summary>
    public bool KeepsLog { get; init; }

    /// <summary>
    /// Reads <c>&lt;path&gt;[?synchronous=full|normal]</c>; a relative path counts from the working directory of this moment.
    /// </summary>
    public static SqliteLocation Parse(string text)
    {
        // A path has no question mark: a misspelt option would become part of the file's name, and its user would share nothing.
        int mark = text.IndexOf('?', StringComparison.Ordinal);
        string path = mark < 0 ? text : text[..mark];
        string synchronous = mark < 0 ? Full : ReadOption(text[(mark + 1)..]);
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw Invalid("storage has no usable path after 'sqlite:': it must be sqlite:<path>.");
        }

        return new SqliteLocation(System.IO.Path.GetFullPath(path), synchronous);
    }

    private static string ReadOption(string option)
    {
        if (!option.StartsWith(Option, StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid(
                "storage has an unknown option after '?': it must be synchronous=full or synchronous=normal, and a path has no '?'.");
        }

        string value = option[Option.Length..].ToUpperInvariant();
        return value is Full or Normal ? value
            : throw Invalid("storage has an unknown value for synchronous: it must be full or normal.");
    }

    private static KlockException Invalid(string sentence) => new(ErrorCode.InvalidRequest, sentence);
}
