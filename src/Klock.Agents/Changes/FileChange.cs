namespace Klock.Agents.Changes;

/// <summary>One file that a tool or a command is going to change.</summary>
/// <param name="Path">As its author wrote it, or, of a shell command, absolute; never resolved by the disk.</param>
/// <param name="Kind">In what way.</param>
/// <param name="NewPath">The name after a <see cref="ChangeKind.Rename"/>; null for all others.</param>
/// <param name="IsTree">Whether all that lies beneath it is changed too, if it is a folder. Of some commands the folder is known, and
/// not which files of it.</param>
internal sealed record FileChange(string Path, ChangeKind Kind, string? NewPath = null, bool IsTree = false);
