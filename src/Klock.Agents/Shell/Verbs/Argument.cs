namespace Klock.Agents.Shell.Verbs;

/// <summary>One argument of a command, expanded.</summary>
/// <param name="Text">What the command gets; null when that cannot be known.</param>
/// <param name="Source">As it was typed, for messages.</param>
internal readonly record struct Argument(string? Text, string Source)
{
    /// <summary>An argument that is known.</summary>
    public static Argument Of(string text) => new(text, text);
}
