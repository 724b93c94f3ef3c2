namespace Klock.Agents.Shell.Verbs;

/// <summary>Shells: the text that they are given is read as the one that calls them is.</summary>
internal static class Shells
{
    /// <summary>The commands.</summary>
    public static IEnumerable<(string Names, Verb Verb)> Verbs =>
    [
        ("bash sh dash zsh ksh ash", Shell),
        ("su runuser script", call => Option(call, "c command")),
        ("ssh", call => call.Unknown("ssh: what it writes on the other machine is not known")),
    ];

    private static void Shell(Call call)
    {
        bool isText = false;
        int at = 0;
        while (at < call.Arguments.Count && call.Arguments[at].Text is { Length: > 1 } text && text[0] is '-' or '+')
        {
            bool isLong = text.StartsWith("--", StringComparison.Ordinal);
            isText |= !isLong && text[0] == '-' && text.Contains('c', StringComparison.Ordinal);
            at += (!isLong && text[^1] is 'o' or 'O') || text is "--rcfile" or "--init-file" ? 2 : 1;
        }

        Argument[] rest = [.. call.Arguments.Skip(at)];
        if (isText && rest.Length > 0)
        {
            Text(call, rest[0].Text, [.. rest.Skip(2)]);
        }
        else if (call.Arguments is not [{ Text: "--version" or "--help" or "-n" }, ..])
        {
            bool isRead = rest.Length == 0 || call.Arguments.Any(argument => argument.Text == "-s");
            Text(call, isRead ? call.Input : null, isRead ? rest : null);
        }
    }

    private static void Option(Call call, string names)
    {
        if (Options.Read(call.Arguments, names).Value(names) is { } text)
        {
            Text(call, text.Text, []);
        }
    }

    private static void Text(Call call, string? text, IReadOnlyList<Argument>? arguments)
    {
        if (text is null)
        {
            call.Unknown($"{call.Name}: the script that it runs is not known");
        }
        else
        {
            call.Context.Runner.RunText(text, arguments, call.Folder);
        }
    }
}
