namespace Klock.Kernel.Resources;

/// <summary>Where a symbol's file ends and its name begins (SPEC KLIS-6).</summary>
public static class SymbolMark
{
    /// <summary>The index of the mark in <c>file#name</c>: the first '#' after the last '/'; after a drive letter '\' counts as '/'.
    /// </summary>
    /// <returns>-1 when there is none.</returns>
    public static int Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> all = text;
        int separator = FilePath.HasDriveLetter(all.TrimStart()) ? all.LastIndexOfAny('/', '\\') : all.LastIndexOf('/');
        return text.IndexOf('#', separator + 1);
    }
}
