using Klock.Agents.Shell.Findings;

namespace Klock.Agents.Shell;

/// <summary>
/// Finds what a shell command is going to write, by its text: before it runs, without running anything. What cannot be found so is named as
/// unknown, never left out in silence. Safe for any number of threads.
/// </summary>
/// <remarks>
/// Limits: 256 Ki characters and 64 levels a text, 20,000 commands and 96 levels with all that they call, 1,000 files (the constants of
/// <see cref="Syntax.ShellParser"/>, <see cref="Walker"/>, <see cref="Expander"/> and <see cref="Collector"/>). What lies beyond is
/// unknown.
/// </remarks>
internal static class ShellReader
{
    /// <summary>Reads a command. Never throws, whatever the text.</summary>
    public static ShellEffects Read(string text, ShellContext context) => Walker.Walk(text, context);
}
