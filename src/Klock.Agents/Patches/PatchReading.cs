using Klock.Agents.Changes;

namespace Klock.Agents.Patches;

/// <summary>What a patch changes, or why that is not known.</summary>
/// <param name="Changes">In the order of the patch, the paths as written. Of a patch that is not understood: what was read before.</param>
/// <param name="Trouble">Why the text is not understood; null when it is.</param>
internal sealed record PatchReading(IReadOnlyList<FileChange> Changes, string? Trouble)
{
    /// <summary>Whether <see cref="Changes"/> is all that the patch changes.</summary>
    public bool IsUnderstood => Trouble is null;
}
