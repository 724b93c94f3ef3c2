namespace Klock.Agents.Shell;

/// <summary>Text as a word of a shell command.</summary>
internal static class ShellWord
{
    /// <summary>The text as it is where it needs no quotes, else in single quotes.</summary>
    public static string Of(string text) => text.Length > 0 && text.All(IsPlain) ? text : Quoted(text);

    /// <summary>The text in single quotes.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_';
}
