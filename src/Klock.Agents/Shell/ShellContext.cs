using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Shell;

/// <summary>What a command starts with.</summary>
/// <param name="Folder">The folder in which it starts; absolute.</param>
/// <param name="Home">What <c>~</c> and <c>$HOME</c> are; null where that is not known.</param>
/// <param name="Top">What <c>git rev-parse --show-toplevel</c> says at the start; null where that is not known.</param>
/// <param name="Files">Who knows what is on the disk; null for nobody, which makes every pattern unknown.</param>
internal sealed record ShellContext(string Folder, string? Home = null, string? Top = null, IFileView? Files = null);
