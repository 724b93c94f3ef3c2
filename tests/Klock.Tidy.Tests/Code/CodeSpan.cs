namespace Klock.Tidy.Tests.Code;

/// <summary>A run of lines, counted from 1, both ends included.</summary>
internal readonly record struct CodeSpan(int First, int Last)
{
    /// <summary>How many lines it has.</summary>
    public int Lines => Last - First + 1;
}
