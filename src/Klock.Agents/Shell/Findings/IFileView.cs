namespace Klock.Agents.Shell.Findings;

/// <summary>What the reader of a command may ask about the files that are there. All paths are absolute.</summary>
/// <remarks>Asked before the command runs; what the command itself makes is not there yet.</remarks>
internal interface IFileView
{
    /// <summary>Whether a folder is there; null when that cannot be told.</summary>
    bool? IsFolder(string path);

    /// <summary>Whether a file or a folder is there; null when that cannot be told.</summary>
    bool? Exists(string path);

    /// <summary>What a pattern (<c>*</c>, <c>?</c>, <c>[…]</c>, a backslash before what stands for itself) names; null when that
    /// cannot be told, or is more than anybody wants to know.</summary>
    IReadOnlyList<string>? Expand(string pattern);
}
