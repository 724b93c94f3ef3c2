using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Shell.Verbs;

/// <summary>What is the same for all commands of a text.</summary>
/// <param name="Start">The folder in which the text begins.</param>
/// <param name="Files">Who knows what is on the disk; null for nobody.</param>
/// <param name="Found">Where effects are gathered.</param>
/// <param name="Runner">Who reads commands that commands run.</param>
internal sealed record CallContext(string Start, IFileView? Files, Collector Found, IRunner Runner);
