using System.Text;

namespace Klock.Agents.Install;

/// <summary>
/// A text for agents in a work tree's <c>AGENTS.md</c>, between two marks: what they need not do, and what a refusal means. Every other
/// byte of the file stays, and so do its line ends.
/// </summary>
internal sealed class AgentsText : IInstaller
{
    private const string File = "AGENTS.md";
    private const string Begin = "<!-- klock install agents-md: begin -->";
    private const string End = "<!-- klock install agents-md: end -->";

    private const string Text =
        """
        ## Files that several agents edit

        Other agents may be editing files here. Klock's hooks take a lease on each file around your edits. For an edit you need not
        lock or release anything.

        - An edit can take longer while another agent finishes with the file. That is no failure.
        - "Klock: FILE is in use by ...": nothing was changed. Do other work first, then read the file again and try once more. Do not write
          it in another way, as by a shell command.
        - "Klock: FILE was changed by ... after you last read it": read it again, and make your change to what it says now.
        - "Klock could not make sure ...": tell the person you work for. `klock doctor` finds the cause.
        - If you have the tool klock_claim: claim the files of a task that changes several, and release them when it is done.
        - `klock why FILE` shows who has a file and who waits for it.
        """;

    /// <inheritdoc/>
    public string Name => "agents-md";

    /// <inheritdoc/>
    public string Program => "";

    /// <inheritdoc/>
    public string SettingsFolder(InstallScope scope) => "";

    /// <inheritdoc/>
    public string? Afterwards(InstallScope scope) => null;

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Add(InstallScope scope, string program)
    {
        (string path, byte[]? before, string text) = Read(scope);
        string line = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        string block = $"{Begin}\n{Text}\n{End}".ReplaceLineEndings(line);
        string after = Find(path, text) is { } span ? text[..span.Start] + block + text[span.End..]
            : text.Length == 0 ? block + line
            : text.EndsWith('\n') ? text + line + block + line
            : text + line + line + block;
        return [new PlannedFile(path, before, Encoding.Latin1.GetBytes(after))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<PlannedFile> Remove(InstallScope scope)
    {
        (string path, byte[]? before, string text) = Read(scope);
        if (Find(path, text) is not { } span)
        {
            return [new PlannedFile(path, before, before)];
        }

        // Adding gave it a line of its own and an empty one before; at the end of a file without a last line end it got none after.
        string head = text[..span.Start], tail = text[span.End..];
        string rest = tail.Length > 0 ? WithoutLast(head, 1) + WithoutFirst(tail) : WithoutLast(head, 2);
        return [new PlannedFile(path, before, rest.Length == 0 ? null : Encoding.Latin1.GetBytes(rest))];
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Installed(InstallScope scope) => new Dictionary<string, string>();

    // As Latin-1, which keeps every byte; the marks and the text are ASCII.
    private static (string Path, byte[]? Before, string Text) Read(InstallScope scope)
    {
        string path = Path.Combine(scope.Folder, File);
        byte[]? bytes = scope.IsUser ? throw new InstallException(path, "the text is for a work tree, so leave --user out")
            : HookFile.Read(path);
        return (path, bytes, Encoding.Latin1.GetString(bytes ?? []));
    }

    private static (int Start, int End)? Find(string path, string text)
    {
        int start = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        return start < 0 && end < 0 ? null
            : start < 0 || end < start || text.LastIndexOf(Begin, StringComparison.Ordinal) != start
                || text.LastIndexOf(End, StringComparison.Ordinal) != end
                ? throw new InstallException(path, $"it must have one line \"{Begin}\" and one \"{End}\" after it, or none")
            : (start, end + End.Length);
    }

    private static string WithoutFirst(string text) =>
        text.StartsWith("\r\n", StringComparison.Ordinal) ? text[2..] : text.StartsWith('\n') ? text[1..] : text;

    private static string WithoutLast(string text, int lines)
    {
        for (; lines > 0; lines--)
        {
            text = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }

        return text;
    }
}
