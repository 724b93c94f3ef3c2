namespace Klock.Agents.Shell.Findings;

/// <summary>What the reader of a command may ask about the files that are there. All paths are absolute.</summary>
/// <remarks>Asked before the command runs; what the command itself makes is not there yet.</remarks>
internal interface IFileView
{
    /// <summary>Whether a folder exists; null when that is not known.</summary>
    bool? IsFolder(string path);

    /// <summary>Whether a file or a folder exists; null when that is not known.</summary>
    bool? Exists(string path);

    /// <summary>What a pattern (<c>*</c>, <c>?</c>, <c>[…]</c>, a backslash before what stands for itself) names; null when that
    /// is not known, or is too much.</summary>
    IReadOnlyList<string>? Expand(string pattern);
}
