using Klock.Agents.Changes;

namespace Klock.Agents.Patches;

/// <summary>
/// Codex' apply_patch format: which files it adds, updates, moves and deletes. Their new content is not looked at.
/// </summary>
/// <remarks>
/// Lenient, because what is read is what a model wrote, and Codex accepts more than the format's grammar: a missing begin or end, text
/// around
/// the patch (a here-document), CRLF, a byte order mark. In doubt a header counts: a file too many is a lease too many.
/// </remarks>
internal static class PatchText
{
    /// <summary>The longest text that is read, in UTF-16 units.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The most files of one patch.</summary>
    public const int MaxFiles = 10_000;

    /// <summary>The longest path, in UTF-16 units.</summary>
    public const int MaxPath = 4_096;

    private const string Add = "*** Add File:";
    private const string Update = "*** Update File:";
    private const string Move = "*** Move to:";
    private const string Delete = "*** Delete File:";

    /// <summary>Reads a patch, alone or with text around it. Never throws.</summary>
    public static PatchReading Read(string text)
    {
        List<FileChange> changes = [];
        if (text.Length > MaxLength)
        {
            return new PatchReading(changes, $"a patch of {text.Length} characters, at most {MaxLength} are read");
        }

        bool isUpdate = false;
        foreach (ReadOnlySpan<char> each in text.AsSpan().EnumerateLines())
        {
            // The lines of an update begin with a blank where they are context: there, a header is one only at the margin.
            ReadOnlySpan<char> line = isUpdate ? each.TrimEnd() : each.Trim().TrimStart('\uFEFF');
            if (Header(line) is not { } header)
            {
                continue;
            }

            string path = line[header.Length..].Trim().ToString();
            if (Fault(path, header, changes.Count) is { } trouble)
            {
                return new PatchReading(changes, trouble);
            }

            if (header != Move)
            {
                isUpdate = header == Update;
                changes.Add(new FileChange(path, KindOf(header)));
            }
            else if (isUpdate)
            {
                changes[^1] = changes[^1] with { Kind = ChangeKind.Rename, NewPath = path };
            }
            else
            {
                return new PatchReading(changes, $"\"{Move}\" stands after no \"{Update}\"");
            }
        }

        return new PatchReading(changes, changes.Count == 0 ? "not a patch: no header of a file, such as \"*** Update File: path\"" : null);
    }

    private static string? Header(ReadOnlySpan<char> line)
    {
        foreach (string header in (ReadOnlySpan<string>)[Add, Update, Move, Delete])
        {
            if (line.StartsWith(header, StringComparison.Ordinal))
            {
                return header;
            }
        }

        return null;
    }

    private static string? Fault(string path, string header, int files) =>
        path.Length == 0 ? $"\"{header}\" without a path"
        : path.Length > MaxPath ? $"a path of {path.Length} characters, at most {MaxPath} are read"
        : files == MaxFiles && header != Move ? $"more than {MaxFiles} files"
        : null;

    private static ChangeKind KindOf(string header) => header switch
    {
        Add => ChangeKind.Create,
        Delete => ChangeKind.Delete,
        _ => ChangeKind.Edit,
    };
}
