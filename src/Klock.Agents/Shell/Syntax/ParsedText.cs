namespace Klock.Agents.Shell.Syntax;

/// <summary>A shell text as a tree.</summary>
/// <param name="Root">What was understood; of a text with trouble, what stands before it.</param>
/// <param name="Trouble">Why there is no more; null when this is all.</param>
internal sealed record ParsedText(Sequence Root, string? Trouble);
