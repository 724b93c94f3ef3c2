using System.Text;
using System.Text.RegularExpressions;

namespace Klock.Agents.Install.GitHooks;

/// <summary>
/// The text of a hook of git with Klock's lines in it. Bytes that are no text stay as they are: the text has one character for each byte.
/// </summary>
internal static partial class GitHookText
{
    /// <summary>What the hook that was there before is called: it is called by a file of Klock's.</summary>
    public const string Before = ".before-klock";

    /// <summary>The exit code of <c>klock hook git</c> for a commit that is refused; after any other one the commit goes on.</summary>
    public const int Refused = 15;

    private const string Start = "# >>> klock install git >>>";
    private const string End = "# <<< klock install git <<<";
    private const string Own = "#!/bin/sh\n# Made by klock install git; klock install git --remove takes it out.\n";

    /// <summary>Text as bytes have it.</summary>
    public static string Of(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The bytes of a text.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A hook of Klock's own.</summary>
    /// <param name="name">The hook, as in <c>pre-commit</c>.</param>
    /// <param name="program">How klock is started, as a shell reads it.</param>
    /// <param name="calls">Whether it calls the hook that was there before.</param>
    public static string Whole(string name, string program, bool calls) => Own + Block(name, program) + (calls ? Call(name) : "");

    /// <summary>Whether Klock's lines are in a hook.</summary>
    public static bool Has(string text) => StartOf(text) >= 0;

    /// <summary>Whether a hook calls the one that was there before.</summary>
    public static bool Calls(string name, string text) =>
        text.StartsWith(Own, StringComparison.Ordinal) && text.EndsWith(Call(name), StringComparison.Ordinal);

    /// <summary>Whether nothing but what Klock wrote is left, once its lines are out.</summary>
    public static bool IsOwn(string name, string rest) => rest == Own || rest == Own + Call(name);

    /// <summary>
    /// Whether lines of a POSIX shell may be put into a hook: the shell that it names understands them. After its first line they run
    /// first, and change nothing for the rest: neither its arguments, its input, its variables nor its name.
    /// </summary>
    public static bool IsShell(string text) => ShellLine().IsMatch(text) && !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>A shell's hook with Klock's lines after its first one.</summary>
    public static string Insert(string text, string name, string program)
    {
        int line = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        return text[..line] + Block(name, program) + text[line..];
    }

    /// <summary>A hook with Klock's lines as they are now.</summary>
    public static string Replace(string text, string name, string program)
    {
        (int start, int end) = Range(text) ?? throw new FormatException($"it has a line '{Start}' and none '{End}' after it");
        return text[..start] + Block(name, program) + text[end..];
    }

    /// <summary>A hook without Klock's lines.</summary>
    /// <exception cref="FormatException">Their end is missing.</exception>
    public static string Remove(string text)
    {
        (int start, int end) = Range(text) ?? throw new FormatException($"it has a line '{Start}' and none '{End}' after it");
        return text[..start] + text[end..];
    }

    /// <summary>Klock's lines in a hook, its command among them; null when they are not there.</summary>
    public static string? BlockIn(string text) => Range(text) is var (start, end) ? text[start..end] : null;

    /// <summary>The command of Klock's lines: <c>klock hook git pre-commit</c>.</summary>
    public static string CommandIn(string block) => CommandLine().Match(block).Groups["command"].Value;

    // Input, arguments and variables are the hook's own: klock gets none of them. A klock that is gone, crashes
    // or does not know this hook stops nobody's commits.
    private static string Block(string name, string program) => Of(Encoding.UTF8.GetBytes(name == "post-commit"
        ? $"""
        {Start}
        if command -v {program} >/dev/null 2>&1; then
          {program} hook git {name} </dev/null || :
        fi
        {End}

        """
        : $"""
        {Start}
        if command -v {program} >/dev/null 2>&1; then
          {program} hook git {name} </dev/null || [ $? -ne {Refused} ] || exit {Refused}
        else
          echo 'klock: its program was not found, so this commit is not checked (klock install git --remove)' >&2
        fi
        {End}

        """));

    // It replaces this shell: input, arguments, exit code and signals are its own.
    private static string Call(string name) =>
        $"""
        if [ -x "$(dirname -- "$0")/{name}{Before}" ]; then
          exec "$(dirname -- "$0")/{name}{Before}" "$@"
        fi

        """;

    private static (int Start, int End)? Range(string text)
    {
        int start = StartOf(text);
        int end = start < 0 ? -1 : text.IndexOf($"\n{End}\n", start, StringComparison.Ordinal);
        return end < 0 ? null : (start, end + End.Length + 2);
    }

    private static int StartOf(string text)
    {
        int at = text.IndexOf($"\n{Start}\n", StringComparison.Ordinal);
        return at < 0 ? -1 : at + 1;
    }

    [GeneratedRegex(
        """^#![ \t]*(/usr(/local)?)?/bin/(env[ \t]+)?(sh|bash|dash|ash|ksh|zsh)([ \t][^\r\n]*)?\n""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ShellLine();

    [GeneratedRegex("""^  (?<command>[^ \n].* hook git [a-z-]+) </dev/null""", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex CommandLine();
}
