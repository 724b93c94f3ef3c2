using System.Diagnostics.CodeAnalysis;

namespace Klock.Agents.Shell;

/// <summary>A command as <c>klock fence</c> runs it: with the files of other agents read-only.</summary>
internal static class FencedCommand
{
    private const string Verb = " fence ";
    private const string Between = " -- ";

    /// <summary>The command that runs a command so.</summary>
    /// <param name="program">How <c>klock</c> is started, as a shell reads it.</param>
    /// <param name="agent">Whose command it is.</param>
    /// <param name="command">The command.</param>
    public static string Write(string program, string agent, string command) =>
        $"{program}{Verb}{ShellWord.Quoted(agent)}{Between}{ShellWord.Quoted(command)}";

    /// <summary>The command in such a one; any other as it is.</summary>
    public static string Read(string command)
    {
        int verb = command.IndexOf(Verb, StringComparison.Ordinal);
        return verb > 0 && IsKlock(command[..verb]) && TryUnquote(command.AsSpan(verb + Verb.Length), out _, out int end)
            && command.AsSpan(verb + Verb.Length + end) is var rest && rest.StartsWith(Between, StringComparison.Ordinal)
            && TryUnquote(rest[Between.Length..], out string? inner, out int length) && Between.Length + length == rest.Length
            ? inner : command;
    }

    private static bool IsKlock(string program) =>
        program == "klock" || program.EndsWith("/klock", StringComparison.Ordinal) || program.EndsWith("/klock'", StringComparison.Ordinal);

    // Only what ShellWord.Quoted writes.
    private static bool TryUnquote(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? word, out int length)
    {
        const string Escape = @"'\''";
        var read = new System.Text.StringBuilder();
        word = null;
        length = 1;
        if (text is not ['\'', ..])
        {
            return false;
        }

        for (; length < text.Length; length++)
        {
            if (text[length..].StartsWith(Escape, StringComparison.Ordinal))
            {
                read.Append('\'');
                length += Escape.Length - 1;
            }
            else if (text[length] == '\'')
            {
                length++;
                word = read.ToString();
                return true;
            }
            else
            {
                read.Append(text[length]);
            }
        }

        return false;
    }
}
