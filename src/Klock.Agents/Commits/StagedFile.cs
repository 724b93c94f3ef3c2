namespace Klock.Agents.Commits;

/// <summary>A file that a commit changes.</summary>
/// <param name="Name">Its path from the top of the work tree, with slashes.</param>
/// <param name="Before">The blob that HEAD has; null where HEAD has no such file, and for a submodule.</param>
/// <param name="After">The blob that the commit has; null where the file is deleted, and for a submodule.</param>
/// <param name="IsSubmodule">Whether it is a submodule, of which a commit has no content.</param>
internal sealed record StagedFile(string Name, string? Before, string? After, bool IsSubmodule);
