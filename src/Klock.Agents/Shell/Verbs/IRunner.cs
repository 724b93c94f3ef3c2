namespace Klock.Agents.Shell.Verbs;

/// <summary>Reads what a command runs in its turn: <c>sudo</c>, <c>bash -c</c>, <c>find -exec</c>.</summary>
internal interface IRunner
{
    /// <summary>A command by its arguments, its name first. No shell looks at them again.</summary>
    /// <param name="command">Nothing happens when it is empty.</param>
    /// <param name="folder">Where it runs; null when that cannot be known.</param>
    /// <param name="input">What it reads; null when that cannot be known.</param>
    void Run(IReadOnlyList<Argument> command, string? folder, string? input);

    /// <summary>A text, by a shell of its own.</summary>
    /// <param name="text">The text.</param>
    /// <param name="arguments">Its <c>$1</c> and so on; null when they cannot be known.</param>
    /// <param name="folder">Where it runs; null when that cannot be known.</param>
    void RunText(string text, IReadOnlyList<Argument>? arguments, string? folder);
}
