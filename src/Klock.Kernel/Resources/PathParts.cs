namespace Klock.Kernel.Resources;

/// <summary>Goes through the parts of a normal FILE path from its root down: <c>/</c>, <c>a</c>, <c>b</c>.</summary>
/// <remarks>The root of a relative path is <see cref="FilePath.RelativeRoot"/>. No other part is like a root.</remarks>
internal ref struct PathParts
{
    private ReadOnlySpan<char> _rest;
    private bool _isBeforeRoot;

    /// <param name="normal">The path; empty for no parts at all.</param>
    public PathParts(ReadOnlySpan<char> normal)
    {
        int root = FilePath.RootLength(normal);
        Current = root == 0 ? FilePath.RelativeRoot : normal[..root];
        _isBeforeRoot = !normal.IsEmpty;
        _rest = root == 0 && normal.SequenceEqual(FilePath.RelativeRoot) ? default : normal[root..];
    }

    /// <summary>The current part.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Skips the parts of a directory that the path leads through.</summary>
    public void PassOver(ReadOnlySpan<char> directory)
    {
        _isBeforeRoot = false;
        int passed = directory.SequenceEqual(FilePath.RelativeRoot) ? 0 : directory.Length - FilePath.RootLength(directory);
        _rest = passed == 0 ? _rest : _rest[Math.Min(passed + 1, _rest.Length)..];
    }

    /// <summary>Advances to the next part; false when there is none.</summary>
    public bool MoveNext()
    {
        if (_isBeforeRoot)
        {
            _isBeforeRoot = false;
            return true;
        }

        if (_rest.IsEmpty)
        {
            return false;
        }

        int slash = _rest.IndexOf('/');
        Current = slash < 0 ? _rest : _rest[..slash];
        _rest = slash < 0 ? default : _rest[(slash + 1)..];
        return true;
    }
}
