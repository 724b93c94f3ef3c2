namespace Klock.Agents.Install;

/// <summary>Where hooks are installed.</summary>
/// <param name="Folder">The top of the work tree, or the user's home.</param>
/// <param name="IsUser">Whether it is the user's home: then the hooks run in every repository.</param>
internal sealed record InstallScope(string Folder, bool IsUser);

/// <summary>A file as it is, and as it should be.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Before">What is in it; null when it is not there.</param>
/// <param name="After">What should be in it; null when it should not be there.</param>
/// <param name="IsProgram">Whether it is to be executed.</param>
internal sealed record PlannedFile(string Path, byte[]? Before, byte[]? After, bool IsProgram = false)
{
    /// <summary>
    /// Where what stands at the path now is kept, whatever it is, when the file is made; where it comes back from when the file is removed.
    /// Null when there is no such thing.
    /// </summary>
    public string? KeptAs { get; init; }

    /// <summary>Whether anything is to be done.</summary>
    public bool IsChanged => Before is null != After is null || (Before is not null && !Before.AsSpan().SequenceEqual(After));
}

/// <summary>A file that cannot be changed: it is left as it is.</summary>
internal sealed class InstallException(string sentence) : Exception(sentence)
{
    /// <summary>A file, and why it cannot be changed.</summary>
    public InstallException(string path, string trouble) : this($"{path} is left as it is: {trouble.TrimEnd('.')}.")
    {
    }
}
