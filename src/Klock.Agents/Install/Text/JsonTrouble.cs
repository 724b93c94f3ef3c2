namespace Klock.Agents.Install.Text;

/// <summary>Why a JSON file is left as it is.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">In characters, from 1.</param>
/// <param name="Message">What stands there, and what was expected.</param>
internal sealed record JsonTrouble(int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}: {Message}";
}
