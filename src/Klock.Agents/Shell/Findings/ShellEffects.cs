using Klock.Agents.Changes;

namespace Klock.Agents.Shell.Findings;

/// <summary>What a shell command is going to write, and shows of files, as far as its text says.</summary>
/// <param name="Files">Files with absolute paths, resolved by their text alone, each change once.</param>
/// <param name="Trees">Folders in which git changes the whole work tree around them.</param>
/// <param name="Indexes">Folders, in whose repository the index or HEAD is changed.</param>
/// <param name="Reads">Files whose text is shown to whoever runs it, as <c>cat</c> does, before it replaces them; absolute paths.</param>
/// <param name="Unknown">Why there may be more: a variable in a path, a program whose doings nobody can know. No error.</param>
internal sealed record ShellEffects(
    IReadOnlyList<FileChange> Files, IReadOnlyList<string> Trees, IReadOnlyList<string> Indexes, IReadOnlyList<string> Reads,
    IReadOnlyList<string> Unknown)
{
    /// <summary>Whether a whole work tree is changed.</summary>
    public bool Tree => Trees.Count > 0;

    /// <summary>Whether an index or HEAD is changed.</summary>
    public bool Index => Indexes.Count > 0;
}
